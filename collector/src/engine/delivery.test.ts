// The law of the sending queue, for every way in which an exporter fails, in memory and in storage:
// accepted + recovered = sent + dropped + queued, for each signal, at rest. And nobody waits longer than two seconds.

import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  accepted,
  type BatchStore,
  type Exporter,
  noItems,
  partlyAccepted,
  rejected,
  retryable,
  type Storage,
  type Verdict,
} from "../component/index.ts";
import { type QueueOptions, queueOptionsSchema } from "../config/queue-options.ts";
import { storageFactory } from "../extensions/index.ts";
import { contractBatches } from "../testing/contract/batches.ts";
import {
  failingExporter,
  recordingExporter,
  silentLog,
  stuckExporter,
  testHost,
  testLogs,
  testSettings,
} from "../testing/index.ts";
import { createSendingQueue, type SendingQueue } from "./sending-queue.ts";
import { createSettings } from "./settings.ts";
import { type ComponentStats, createStats } from "./stats.ts";
import type { Stores } from "./stores/stores.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "devmux-delivery-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await rm(directory, { recursive: true, force: true });
});

const quick = { retry_on_failure: { initial_interval: "1ms", max_interval: "2ms" } };
const inTime = () => AbortSignal.timeout(5_000);
const soon = () => AbortSignal.timeout(50);

interface Running {
  readonly queue: SendingQueue;
  readonly stats: ComponentStats;
  stop(signal: AbortSignal): Promise<void>;
}

async function run(exporter: Exporter, stored: boolean, options: Partial<QueueOptions> = {}): Promise<Running> {
  const stats = createStats("exporter", "test");
  const base = queueOptionsSchema().parse(quick);
  const storage = stored ? "storage" : undefined;
  const queue = createSendingQueue(exporter, createSettings(stats, silentLog), stats, { ...base, storage, ...options });
  const extension = storageFactory.create(testSettings("storage"), storageFactory.config.parse({ min_free_space: 0 }));
  if (stored) await extension.start?.(testHost(directory));
  await queue.start(storesOf(extension as Storage));
  return {
    queue,
    stats,
    async stop(signal) {
      await queue.shutdown(signal);
      await extension.shutdown?.(signal);
    },
  };
}

/** One storage, and nothing anywhere else. */
function storesOf(storage: Storage): Stores {
  return {
    open: async (_id, exporterId, events) => ({ place: "here", store: await storage.open(exporterId, events) }),
    gather: async () => undefined,
    sayUnclaimed: async () => undefined,
  };
}

function assertLaw({ queue, stats }: Running): void {
  for (const signal of ["logs", "traces", "metrics"] as const) {
    const { accepted: taken, recovered, sent, dropped } = stats.signals[signal];
    expect(taken + recovered, signal).toBe(sent + dropped + queue.itemsBySignal[signal]);
  }
}

async function feed({ queue }: Running, rounds = 10): Promise<number> {
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const batches = [testLogs(20, "r", round * 20), ...contractBatches("traces", 1), ...contractBatches("metrics", 1)];
    for (const batch of batches) if ((await queue.consume(batch)).kind !== "accepted") refused += batch.itemCount;
  }
  return refused;
}

const size = testLogs(20).byteLength;
const mixed: readonly Verdict[] = [
  retryable("busy"),
  accepted,
  rejected("no"),
  partlyAccepted(3, "some"),
  retryable("x"),
];

interface Scenario {
  readonly exporter: () => Exporter;
  readonly options?: Partial<QueueOptions>;
  /** Before the end. */
  readonly then?: (exporter: Exporter) => void;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  "everything is taken": { exporter: () => recordingExporter() },
  "refused for a while, rejected, refused in part": { exporter: () => recordingExporter(...mixed, ...mixed, ...mixed) },
  "70 % refused": { exporter: () => ({ export: async () => (Math.random() < 0.7 ? retryable("busy") : accepted) }) },
  "70 % refused, by four workers": {
    exporter: () => ({ export: async () => (Math.random() < 0.7 ? retryable("busy") : accepted) }),
    options: { consumers: 4, maxBatchItems: 20 },
  },
  "down, and full: the oldest is dropped": { exporter: () => failingExporter(), options: { maxBytes: 6 * size } },
  "drop_oldest, stuck": {
    exporter: () => stuckExporter(),
    options: { maxBytes: 6 * size, whenFull: "drop_oldest" },
  },
  "stuck, and full: clients are told to wait": { exporter: () => stuckExporter(), options: { maxBytes: 6 * size } },
  "retries have a last time": {
    exporter: () => failingExporter(),
    options: { retry: { ...queueOptionsSchema().parse(quick).retry, maxElapsedMs: 10 } },
  },
  "it throws": {
    exporter: () => ({
      export: async () => {
        throw new Error("bug");
      },
    }),
  },
};

describe.each([false, true])("in storage: %s", (stored) => {
  test.each(Object.entries(scenarios))("%s: received = delivered + queued + refused + dropped", async (_, scenario) => {
    const first = await run(scenario.exporter(), stored, scenario.options);
    const refused = await feed(first);
    await first.stop(soon());
    assertLaw(first);
    const { signals } = first.stats;
    const received = 10 * (20 + 10 + 10);
    expect(signals.logs.accepted + signals.traces.accepted + signals.metrics.accepted + refused).toBe(received);
    expect(signals.logs.refused + signals.traces.refused + signals.metrics.refused).toBe(refused);
    if (!stored) return expect(first.queue.items).toBe(0);
    // What the first left, the second finds, all of it.
    const left = { ...first.queue.itemsBySignal };
    const second = await run(recordingExporter(), true);
    expect(left).toEqual({
      logs: second.stats.signals.logs.recovered,
      traces: second.stats.signals.traces.recovered,
      metrics: second.stats.signals.metrics.recovered,
    });
    await second.stop(inTime());
    assertLaw(second);
    expect(second.queue.items).toBe(0);
  });
});

test("in storage: what a stop leaves is sent first, in order, each record once", async () => {
  const down = failingExporter();
  const first = await run(down, true, { maxBatchItems: 30 });
  for (let index = 0; index < 20; index++) await first.queue.consume(testLogs(10, "r", index * 10));
  const startedAt = performance.now();
  await first.stop(inTime());
  // A stop does not wait for a backend that is away.
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  const exporter = recordingExporter();
  const second = await run(exporter, true);
  await second.queue.consume(testLogs(10, "r", 200));
  await second.stop(inTime());
  expect(exporter.bodies).toEqual(Array.from({ length: 210 }, (_, index) => `r${index}`));
});

test("in storage: a file system that fails acknowledges nothing, and what comes later is kept", async () => {
  const exporter = failingExporter();
  const running = await run(exporter, true);
  await running.queue.consume(testLogs(1, "r", 0));
  const handle = await open(join(directory, "any"), "w");
  const prototype = Object.getPrototypeOf(handle) as { datasync(): Promise<void>; writev(): Promise<unknown> };
  await handle.close();
  for (const [name, code] of [
    ["datasync", "EIO"],
    ["writev", "ENOSPC"],
  ] as const) {
    const failing = vi.spyOn(prototype, name).mockRejectedValue(Object.assign(new Error(code), { code }));
    const before = running.queue.items;
    expect(await running.queue.consume(testLogs(1, "lost", 0))).toMatchObject({
      kind: "retryable",
      reason: expect.stringContaining(code),
    });
    expect(running.queue.items).toBe(before);
    // Others are asked to wait, before they are fanned out.
    expect(running.queue.hasRoom()).toBe(false);
    failing.mockRestore();
    await vi.waitFor(() => expect(running.queue.hasRoom()).toBe(true), 2_000);
    expect((await running.queue.consume(testLogs(1, "r", 1))).kind).toBe("accepted");
  }
  assertLaw(running);
  exporter.mend();
  await exporter.received(3);
  await running.stop(inTime());
  assertLaw(running);
  expect(exporter.bodies).toEqual(["r0", "r1", "r1"]);
});

test("nobody waits longer than two seconds: not for a stuck exporter, not for a disk that hangs", async () => {
  const hanging: BatchStore = {
    bytes: 0,
    items: noItems(),
    survives: true,
    late: retryable("slow"),
    hasRoom: () => true,
    put: () => new Promise(() => {}),
    take: () => undefined,
    dropOldest: () => undefined,
    close: async () => noItems(),
  };
  const stores = storesOf({ place: () => "nowhere", open: async () => hanging });
  const options = queueOptionsSchema().parse(quick);
  const queues = await Promise.all(
    [
      { exporter: stuckExporter(), options: { ...options, waitForResult: true } },
      { exporter: recordingExporter(), options: { ...options, storage: "x" } },
    ].map(async ({ exporter, options: each }) => {
      const stats = createStats("exporter", "test");
      const queue = createSendingQueue(exporter, createSettings(stats, silentLog), stats, each);
      await queue.start(stores);
      return queue;
    }),
  );
  const startedAt = performance.now();
  const [stuck, disk] = await Promise.all(queues.map((queue) => queue.consume(testLogs(1))));
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  // In memory it stays queued; what is not known to be on the disk is not acknowledged.
  expect([stuck?.kind, disk?.kind]).toEqual(["accepted", "retryable"]);
  for (const queue of queues) await queue.shutdown(AbortSignal.abort());
});

test("a clock that jumps ends no retries and makes none wait", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const exporter = recordingExporter(...Array.from({ length: 6 }, () => retryable("busy")));
  const retry = { ...queueOptionsSchema().parse(quick).retry, maxElapsedMs: 60_000 };
  const jumping: Exporter = {
    export(batch, signal) {
      vi.setSystemTime(Date.now() + (Math.random() < 0.5 ? 1 : -1) * 86_400_000);
      return exporter.export(batch, signal);
    },
  };
  const running = await run(jumping, false, { retry });
  await running.queue.consume(testLogs(5));
  await exporter.received(5);
  await running.stop(inTime());
  assertLaw(running);
  expect(running.stats.signals.logs).toMatchObject({ sent: 5, dropped: 0 });
});
