// A client of OTLP/HTTP that gives up nothing: it sends the same request until it is acknowledged, and remembers how long each
// answer took.

import { Agent, request } from "node:http";
import { LogsBuilder } from "@chriscode/devmux-telemetry-protocol";

export interface Load {
  /** Records that were acknowledged, by number. */
  readonly acknowledged: ReadonlySet<number>;
  readonly sent: number;
  /** Requests that were answered with this status; 0: no answer. */
  readonly answers: ReadonlyMap<number, number>;
  readonly slowestMs: number;
  /** Resolves when so many more records are acknowledged. */
  more(records: number): Promise<void>;
  /** The request that is under way is brought to its end, or given up after `patienceMs`. */
  stop(patienceMs?: number): Promise<void>;
}

export interface LoadOptions {
  readonly port: number;
  readonly recordsPerRequest: number;
  /** Requests at once; with more than one there is no order. */
  readonly connections?: number;
  /** Bytes of a record's body. */
  readonly bodyBytes?: number;
  /** Between a refusal and the next attempt. */
  readonly pauseMs?: number;
  /** Number of the first record. */
  readonly from?: number;
}

/**
 * Four of ten records are such that a processor of the scenarios may leave them out: one is noise, one sampled, one limited in its
 * rate, one a repeat. The others must arrive.
 */
export function isPlain(number: number): boolean {
  return number % 10 > 3;
}

export function startLoad({
  port,
  recordsPerRequest,
  connections = 1,
  bodyBytes = 0,
  pauseMs = 20,
  from = 0,
}: LoadOptions): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const acknowledged = new Set<number>();
  const answers = new Map<number, number>();
  const waiters = new Set<() => void>();
  const filler = "x".repeat(bodyBytes);
  let sent = 0;
  let slowestMs = 0;
  let stopping = false;
  let giveUpAt = Number.POSITIVE_INFINITY;

  function post(body: Buffer): Promise<number> {
    const startedAt = performance.now();
    return new Promise((resolve) => {
      const headers = { "content-type": "application/x-protobuf", "content-length": body.length };
      const call = request({ port, host: "127.0.0.1", path: "/v1/logs", method: "POST", agent, headers });
      call.on("response", (response) => {
        slowestMs = Math.max(slowestMs, performance.now() - startedAt);
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
        response.on("error", () => resolve(0));
      });
      call.on("error", () => resolve(0));
      call.end(body);
    });
  }

  async function work(): Promise<void> {
    while (!stopping) {
      const first = from + sent;
      sent += recordsPerRequest;
      const body = requestOf(first, recordsPerRequest, filler);
      while (performance.now() < giveUpAt) {
        const status = await post(body);
        answers.set(status, (answers.get(status) ?? 0) + 1);
        if (status === 200) {
          for (let number = first; number < first + recordsPerRequest; number++) acknowledged.add(number);
          for (const check of waiters) check();
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  const workers = Array.from({ length: connections }, work);
  return {
    acknowledged,
    answers,
    get sent() {
      return sent;
    },
    get slowestMs() {
      return slowestMs;
    },
    more(records) {
      const goal = acknowledged.size + records;
      return new Promise((resolve) => {
        const check = () => {
          if (acknowledged.size < goal) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      });
    },
    async stop(patienceMs = 20_000) {
      stopping = true;
      giveUpAt = performance.now() + patienceMs;
      await Promise.all(workers);
      agent.destroy();
    },
  };
}

interface RecordKind {
  readonly severityNumber: number;
  readonly body?: string;
  readonly attributes: Readonly<Record<string, boolean>>;
}

const plain: RecordKind = { severityNumber: 9, attributes: {} };
const kinds: readonly RecordKind[] = [
  { severityNumber: 5, attributes: {} },
  { severityNumber: 9, attributes: { sampled: true } },
  { severityNumber: 9, attributes: { limited: true } },
  { severityNumber: 9, body: "the socket was closed, trying again", attributes: { repeated: true } },
];

/** Processors that leave out what `isPlain` says may be left out, and nothing else. */
export const droppers: Readonly<Record<string, unknown>> = {
  filter: { log_conditions: ["severity_number < SEVERITY_NUMBER_INFO"] },
  probabilistic_sampler: { sampling_percentage: 50, conditions: ['attributes["sampled"] == true'] },
  rate_limit: { records_per_second: 100, report_interval: "100ms", conditions: ['attributes["limited"] == true'] },
  dedup: { interval: "100ms", conditions: ['attributes["repeated"] == true'] },
};

function requestOf(first: number, count: number, filler: string): Buffer {
  const builder = new LogsBuilder({ "service.name": "load" }, { name: "load" });
  for (let number = first; number < first + count; number++) {
    const { severityNumber, body = `${number} ${filler}`, attributes } = kinds[number % 10] ?? plain;
    builder.add({
      timeMs: Date.now(),
      severityNumber,
      body,
      attributes: { "log.record.uid": String(number), ...attributes },
    });
  }
  return Buffer.from(builder.build().encode());
}
