// Clients of the devmux protocol that send more than the backend takes: they are told to wait, keep what they have, and lose nothing.

import { once } from "node:events";
import { WebSocket } from "ws";
import { createWorld } from "../world.ts";
import { createBackend } from "./backend.ts";
import { retry } from "./forwarder.ts";
import { droppers } from "./load.ts";
import { atRest, countedBy, type Outcome, outcomeOf } from "./outcome.ts";

export interface Pressed extends Outcome {
  /** How often a client was told to wait. */
  readonly told: number;
  /** Most bytes that a client kept for the collector. */
  readonly maxKeptBytes: number;
}

const recordsPerExport = 50;

/** Four clients send as fast as the protocol lets them, for so long, to a backend that is slow; then it is quick. */
export async function pressed(seconds: number): Promise<Pressed> {
  await using backend = await createBackend();
  await backend.up();
  backend.delayMs = 200;
  const queue = { storage: "none", queue_size: "128KiB", batch: { max_items: 100 } };
  await using world = await createWorld({
    telemetry: {
      collector: {
        receivers: { devmux: {} },
        processors: droppers,
        exporters: { otlp_http: { endpoint: backend.endpoint, retry_on_failure: retry, sending_queue: queue } },
        service: {
          pipelines: { logs: { receivers: ["devmux"], processors: Object.keys(droppers), exporters: ["otlp_http"] } },
        },
      },
    },
  });
  await world.start();
  const numbers = { next: 0 };
  const clients = await Promise.all([0, 1, 2, 3].map((index) => connect(world.url, `client-${index}`, numbers)));
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  backend.delayMs = 0;
  await Promise.all(clients.map((client) => client.finish()));
  const report = await atRest(world, 20_000);
  const load = {
    acknowledged: new Set(clients.flatMap(({ acknowledged }) => [...acknowledged])),
    sent: numbers.next,
    answers: new Map(),
    slowestMs: Math.max(...clients.map(({ longestSilenceMs }) => longestSilenceMs)),
    more: async () => undefined,
    stop: async () => undefined,
  };
  return {
    ...outcomeOf(load, backend, countedBy(report)),
    told: clients.reduce((sum, { told }) => sum + told, 0),
    maxKeptBytes: Math.max(...clients.map(({ maxKeptBytes }) => maxKeptBytes)),
  };
}

interface Client {
  readonly acknowledged: ReadonlySet<number>;
  readonly told: number;
  readonly longestSilenceMs: number;
  readonly maxKeptBytes: number;
  /** Makes no more records; resolves when all are acknowledged. */
  finish(): Promise<void>;
}

/** Sends `window` exports at most without an answer, and none while it has been told to wait. */
async function connect(url: string, clientId: string, numbers: { next: number }): Promise<Client> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  const send = (type: string, payload: object) => {
    const meta = { clientId, timestamp: Date.now() };
    const text = JSON.stringify({ protocol: "devmux-telemetry", version: 1, type, payload, meta });
    socket.send(text);
    return text.length;
  };
  const kept = new Map<number, { readonly numbers: readonly number[]; readonly bytes: number }>();
  const acknowledged = new Set<number>();
  let [told, longestSilenceMs, maxKeptBytes, sequence, waitUntil] = [0, 0, 0, 0, 0];
  let heardAt = performance.now();
  let window = 1;
  let finishing = false;
  let finished = () => {};

  function fill(): void {
    while (!finishing && kept.size < window && performance.now() >= waitUntil) {
      if (kept.size === 0) heardAt = performance.now();
      const own = Array.from({ length: recordsPerExport }, () => numbers.next++);
      const bytes = send("export", { sequence: ++sequence, request: requestOf(own) });
      kept.set(sequence, { numbers: own, bytes });
      maxKeptBytes = Math.max(
        maxKeptBytes,
        [...kept.values()].reduce((sum, each) => sum + each.bytes, 0),
      );
    }
    if (finishing && kept.size === 0) finished();
  }

  socket.on("message", (data) => {
    const { type, payload } = JSON.parse(String(data)) as {
      readonly type: string;
      readonly payload: { readonly sequence?: number; readonly window?: number; readonly retryAfterMs?: number };
    };
    if (kept.size > 0) longestSilenceMs = Math.max(longestSilenceMs, performance.now() - heardAt);
    heardAt = performance.now();
    if (type === "hello-ack") window = payload.window!;
    if (type === "error") {
      told++;
      waitUntil = performance.now() + (payload.retryAfterMs ?? 0);
      setTimeout(fill, payload.retryAfterMs ?? 0);
    }
    if (type === "ack")
      for (const [each, { numbers: own }] of kept)
        if (each <= payload.sequence!) {
          for (const number of own) acknowledged.add(number);
          kept.delete(each);
        }
    fill();
  });
  send("hello", {
    resource: { "service.name": clientId, "telemetry.sdk.name": "t", "telemetry.sdk.version": "1" },
    platform: { kind: "node" },
  });
  return {
    acknowledged,
    get told() {
      return told;
    },
    get longestSilenceMs() {
      return longestSilenceMs;
    },
    get maxKeptBytes() {
      return maxKeptBytes;
    },
    async finish() {
      await new Promise<void>((resolve) => {
        finished = resolve;
        finishing = true;
        fill();
      });
      const closed = once(socket, "close");
      send("goodbye", {});
      await closed;
    },
  };
}

function requestOf(numbers: readonly number[]): object {
  const timeUnixNano = `${Date.now()}000000`;
  const logRecords = numbers.map((number) => ({
    timeUnixNano,
    // As in load.ts: the first of ten is one that the filter leaves out.
    severityNumber: number % 10 === 0 ? 5 : 9,
    body: { stringValue: `${number} the quick brown fox jumps over the lazy dog` },
    attributes: [{ key: "log.record.uid", value: { stringValue: `${number}` } }],
  }));
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}
