// What waits in a storage when the configuration names another: it is moved, and at no moment is a batch in neither. Held by looking
// at the files between every two steps of a change, and starting a collector from each of these moments as a kill would leave it.

import fs from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { type AnyFactory, accepted, type Consumer, type Log, retryable } from "../../component/index.ts";
import type { CollectorConfig } from "../../config/shape.ts";
import { storageFactory } from "../../extensions/index.ts";
import { bodiesOf, silentLog, testLogs } from "../../testing/index.ts";
import { type Collector, createCollector } from "../collector.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "devmux-change-"));
});
afterEach(async () => {
  for (const collector of collectors.splice(0)) await collector.shutdown(1_000);
  await rm(root, { recursive: true, force: true });
});

const collectors: Collector[] = [];

interface Sink {
  readonly bodies: string[];
  away: boolean;
}

interface Running {
  readonly collector: Collector;
  readonly sink: Sink;
  send(count: number): Promise<void>;
  reload(config: CollectorConfig): Promise<unknown>;
  status(): Record<string, number>;
}

/** A collector in `root` whose receiver and backend are in the test's hands. */
async function start(config: CollectorConfig, away: boolean, log: Log = silentLog, from = 0): Promise<Running> {
  const sink: Sink = { bodies: [], away };
  let entry: Consumer | undefined;
  let sent = from;
  const signals = ["logs"] as const;
  const factories: readonly AnyFactory[] = [
    {
      kind: "receiver",
      type: "source",
      summary: "",
      signals,
      config: z.strictObject({}),
      create: (_settings, _config, { logs }) => {
        entry = logs;
        return {};
      },
    },
    {
      kind: "exporter",
      type: "sink",
      summary: "",
      signals,
      config: z.strictObject({ breaks: z.boolean().default(false) }),
      queue: { initialIntervalMs: 10, maxIntervalMs: 10 },
      create: (_settings, options) => ({
        async start() {
          if ((options as { breaks: boolean }).breaks) throw new Error("it does not work here");
        },
        async export(batch) {
          if (sink.away) return retryable("the backend is away");
          sink.bodies.push(...bodiesOf(batch));
          return accepted;
        },
      }),
    },
    storageFactory,
  ];
  const collector = createCollector({
    config,
    factories,
    address: { host: "127.0.0.1", port: 0 },
    stateDir: join(root, "state"),
    version: "1",
    log,
  });
  collectors.push(collector);
  await collector.start();
  return {
    collector,
    sink,
    async send(count) {
      for (let index = 0; index < count; index++)
        expect((await entry!.consume(testLogs(1, "r", sent++))).kind).toBe("accepted");
    },
    reload: (next) => collector.reload({ config: next, factories }),
    status() {
      const { signals: all, queue } = collector.status().components.find(({ kind }) => kind === "exporter")!;
      const { recovered = 0, accepted: taken = 0, sent: out = 0, dropped = 0 } = all.logs ?? {};
      const queued = queue!.items;
      expect(taken + recovered).toBe(out + dropped + queued);
      return { recovered, taken, sent: out, dropped, queued };
    },
  };
}

interface Choice {
  /** Undefined: memory. */
  readonly directory?: string;
  readonly breaks?: boolean;
  readonly segment?: string;
}

function config({ directory, breaks = false, segment = "64KiB" }: Choice): CollectorConfig {
  const options = { directory: directory && join(root, directory), min_free_space: 0, segment_size: segment };
  const stored = directory !== undefined;
  return {
    receivers: { source: {} },
    exporters: { sink: { breaks, sending_queue: { storage: stored ? "storage" : "none", batch: { max_items: 5 } } } },
    ...(stored ? { extensions: { storage: options } } : {}),
    service: {
      ...(stored ? { extensions: ["storage"] } : {}),
      pipelines: { logs: { receivers: ["source"], exporters: ["sink"] } },
    },
  };
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);

test("another directory: everything moves there, in order, and what comes later stands behind it", async () => {
  const { send, reload, sink, status } = await start(config({ directory: "a" }), true);
  await send(300);
  await reload(config({ directory: "b" }));
  expect(status()).toEqual({ recovered: 0, taken: 300, sent: 0, dropped: 0, queued: 300 });
  await send(20);
  sink.away = false;
  await expect.poll(() => sink.bodies.length).toBe(320);
  expect(sink.bodies).toEqual(names(320));
  expect(status()).toMatchObject({ taken: 320, sent: 320, queued: 0 });
});

test("the same directory with other options: nothing moves, nothing is counted twice", async () => {
  const { send, reload, sink, status } = await start(config({ directory: "a" }), true);
  await send(50);
  await reload(config({ directory: "a", segment: "1MiB" }));
  expect(status()).toEqual({ recovered: 0, taken: 50, sent: 0, dropped: 0, queued: 50 });
  sink.away = false;
  await expect.poll(() => sink.bodies).toEqual(names(50));
});

test("from memory to storage, to memory, and to another storage", async () => {
  const { send, reload, sink, status } = await start(config({}), true);
  await send(5);
  for (const directory of ["a", undefined, "b", "a"]) {
    await reload(config(directory === undefined ? {} : { directory }));
    await send(5);
    expect(status().queued).toBe(status().taken);
  }
  sink.away = false;
  await expect.poll(() => sink.bodies).toEqual(names(25));
});

test("between two starts the directory changes: what waits in the old one is found", async () => {
  const first = await start(config({ directory: "a" }), true);
  await first.send(30);
  await first.collector.shutdown(1_000);
  const { send, sink, status } = await start(config({ directory: "b" }), true, silentLog, 30);
  expect(status()).toMatchObject({ recovered: 30, queued: 30 });
  await send(10);
  sink.away = false;
  await expect.poll(() => sink.bodies).toEqual(names(40));
});

test("a change that fails goes back, with everything that waits", async () => {
  const { send, reload, sink, status } = await start(config({ directory: "a" }), true);
  await send(40);
  await expect(reload(config({ directory: "b", breaks: true }))).rejects.toThrow("it does not work here");
  expect(status()).toMatchObject({ taken: 40, queued: 40, recovered: 0 });
  await send(5);
  sink.away = false;
  await expect.poll(() => sink.bodies).toEqual(names(45));
});

test("a storage that takes nothing: the change fails, and what waits stays where it is", async () => {
  const { send, reload, sink, status } = await start(config({ directory: "a" }), true);
  await send(40);
  const full = config({ directory: "b" });
  full.extensions = { storage: { ...(full.extensions!.storage as object), min_free_space: "1000000GiB" } };
  await expect(reload(full)).rejects.toThrow(/cannot be taken over: .*no space/);
  expect(status()).toMatchObject({ taken: 40, queued: 40, recovered: 0 });
  sink.away = false;
  await expect.poll(() => sink.bodies).toEqual(names(40));
});

test("an exporter that is not configured any more: what waits for it is named, and sent when it comes back", async () => {
  const first = await start(config({ directory: "a" }), true);
  await first.send(7);
  await first.collector.shutdown(1_000);
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
  const other = { ...config({}), exporters: { "sink/b": {} } };
  other.service = { pipelines: { logs: { receivers: ["source"], exporters: ["sink/b"] } } };
  const second = await start(other, false, log);
  await second.collector.shutdown(1_000);
  expect(warnings).toEqual([
    `exporter sink is not configured; what waits for it stays where it is: 7 records in storage ${join(root, "a")}`,
  ]);
  const third = await start(config({ directory: "a" }), false);
  await expect.poll(() => third.sink.bodies).toEqual(names(7));
});

test("killed at every step of a change: every record is there after the next start", { timeout: 120_000 }, async () => {
  const moments = await mkdtemp(join(tmpdir(), "devmux-moments-"));
  const count = 30;
  const { send, reload } = await start(config({ directory: "a" }), true);
  await send(count);
  const steps = await atEachStep(
    (step) => fs.cpSync(root, join(moments, `${step}`), { recursive: true }),
    () => reload(config({ directory: "b" })),
  );
  for (const collector of collectors.splice(0)) await collector.shutdown(1_000);
  expect(steps).toBeGreaterThan(40);
  let doubled = 0;
  for (let step = 0; step < steps; step++) {
    await rm(root, { recursive: true });
    fs.cpSync(join(moments, `${step}`), root, { recursive: true });
    const { sink, collector, status } = await start(config({ directory: "b" }), false);
    await expect.poll(() => new Set(sink.bodies).size, { message: `step ${step}` }).toBe(count);
    await expect.poll(() => status().queued).toBe(0);
    doubled += sink.bodies.length - count;
    await collector.shutdown(1_000);
  }
  // A batch is in both for a moment, no longer.
  expect(doubled).toBeLessThan(steps * count * 0.2);
  await rm(moments, { recursive: true });
});

/** Calls `look` before and after every call by which `run` changes a file; gives how many times. */
async function atEachStep(look: (step: number) => void, run: () => Promise<unknown>): Promise<number> {
  let step = 0;
  let looking = false;
  const see = () => {
    if (looking) return;
    looking = true;
    look(step++);
    looking = false;
  };
  type Methods = Record<string, (...args: unknown[]) => unknown>;
  const undo: (() => void)[] = [];
  const watch = (methods: Methods, names: readonly string[]) => {
    for (const name of names) {
      const real = methods[name]!;
      methods[name] = function (this: unknown, ...args) {
        see();
        const result = real.apply(this, args);
        if (!(result instanceof Promise)) see();
        return result instanceof Promise ? result.finally(see) : result;
      };
      undo.push(() => {
        methods[name] = real;
      });
    }
  };
  const handle = await open(join(root, "any"), "w");
  await handle.close();
  watch(Object.getPrototypeOf(handle) as Methods, ["write", "writev", "datasync", "sync", "close"]);
  watch(fs.promises as unknown as Methods, ["open", "rename", "rm", "mkdir"]);
  watch(fs as unknown as Methods, ["openSync", "writeSync", "renameSync", "rmSync"]);
  syncBuiltinESMExports();
  try {
    await run();
  } finally {
    for (const restore of undo) restore();
    syncBuiltinESMExports();
  }
  return step;
}
