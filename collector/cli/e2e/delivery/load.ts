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
}

export function startLoad({
  port,
  recordsPerRequest,
  connections = 1,
  bodyBytes = 0,
  pauseMs = 20,
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
      const first = sent;
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

function requestOf(first: number, count: number, filler: string): Buffer {
  const builder = new LogsBuilder({ "service.name": "load" }, { name: "load" });
  for (let number = first; number < first + count; number++) {
    builder.add({
      timeMs: Date.now(),
      severityNumber: 9,
      body: `${number} ${filler}`,
      attributes: { "log.record.uid": String(number) },
    });
  }
  return Buffer.from(builder.build().encode());
}
