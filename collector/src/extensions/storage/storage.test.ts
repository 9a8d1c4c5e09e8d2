import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { mkdtemp, open as openFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type BatchStore, type ItemCounts, noItems, type Storage, totalItems } from "../../component/index.ts";
import { contractBatches } from "../../testing/contract/batches.ts";
import { bodiesOf, type TestSettings, testHost, testLogs, testSettings } from "../../testing/index.ts";
import { type StorageConfig, storageConfig } from "./config.ts";
import { frameHeaderBytes, headBytes } from "./frame.ts";
import { createStorage } from "./storage.ts";

let root: string;
const running: Storage[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "devmux-storage-"));
});
afterEach(async () => {
  for (const storage of running.splice(0)) await storage.shutdown?.(new AbortController().signal);
  await rm(root, { recursive: true, force: true });
});

interface Opened {
  readonly store: BatchStore;
  readonly storage: Storage;
  readonly settings: TestSettings;
  readonly lost: ItemCounts;
}

async function open(config: Partial<StorageConfig> = {}, directory = root): Promise<Opened> {
  const settings = testSettings("storage");
  const lost = noItems();
  const storage = createStorage(settings, { ...storageConfig.parse({ min_free_space: 0, directory }), ...config });
  running.push(storage);
  await storage.start?.(testHost(directory));
  const store = await storage.open("exporter/x", {
    ready() {},
    lost(counts) {
      for (const signal of ["logs", "traces", "metrics"] as const) lost[signal] += counts[signal];
    },
  });
  return { store, storage, settings, lost };
}

const close = (storage: Storage) => storage.shutdown?.(new AbortController().signal);
const limits = { maxItems: 100, maxBytes: 1024 * 1024 };

/** Everything that waits, in order. */
async function drain(store: BatchStore, remove = true): Promise<string[]> {
  const bodies: string[] = [];
  for (let taken = await store.take(limits); taken !== undefined; taken = await store.take(limits)) {
    bodies.push(...bodiesOf(taken.batch));
    if (remove) taken.remove();
  }
  return bodies;
}

const names = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `r${from + index}`);
const fill = (store: BatchStore, batches: number, size = 1) =>
  Promise.all(Array.from({ length: batches }, (_, index) => store.put(testLogs(size, "r", index * size), false)));
const directory = (base = root) => join(base, "exporter~002fx");
const files = (base = root) => (existsSync(directory(base)) ? readdirSync(directory(base)).sort() : []);

describe("storage", () => {
  test("gives batches in order, joined up to the limit, and leaves no file when all are removed", async () => {
    const { store, storage } = await open();
    await fill(store, 250);
    expect(store.items).toEqual({ logs: 250, traces: 0, metrics: 0 });
    const first = await store.take(limits);
    expect(first?.batch.itemCount).toBe(100);
    first?.remove();
    expect(await drain(store)).toEqual(names(150, 100));
    expect([totalItems(store.items), store.bytes]).toEqual([0, 0]);
    await close(storage);
    expect(files()).toEqual([]);
  });

  test("what was not removed is there again after a restart, taken or not, of every signal", async () => {
    const first = await open();
    await fill(first.store, 10);
    for (const signal of ["traces", "metrics"] as const)
      for (const batch of contractBatches(signal, 2)) await first.store.put(batch, false);
    (await first.store.take({ maxItems: 4, maxBytes: 1e6 }))?.remove();
    await first.store.take({ maxItems: 2, maxBytes: 1e6 });
    await close(first.storage);
    const { store } = await open();
    expect(store.items).toEqual({ logs: 6, traces: 20, metrics: 20 });
    expect(await drain(store)).toEqual(names(6, 4));
    expect(totalItems(store.items)).toBe(0);
  });

  test("a second restart sends what the first had, before what is new", async () => {
    for (let life = 0; life < 4; life++) {
      const { store, storage } = await open();
      expect(store.items.logs).toBe(life * 5);
      await Promise.all(names(5).map((_, index) => store.put(testLogs(1, "r", life * 5 + index), false)));
      await close(storage);
    }
    const { store } = await open();
    expect(await drain(store)).toEqual(names(20));
  });

  test("more than memory holds and more than a segment: in order, files go as they are read, one is used again", async () => {
    const { store } = await open({ segmentBytes: 256 * 1024 });
    const size = testLogs(1_000).byteLength;
    const batches = Math.ceil((12 * 1024 * 1024) / size);
    for (let index = 0; index < batches; index++) await store.put(testLogs(1_000, "r", index * 1_000), false);
    const before = files().length;
    expect(before).toBeGreaterThan(30);
    const { arrayBuffers } = process.memoryUsage();
    expect(store.bytes).toBeGreaterThan(10 * 1024 * 1024);
    expect(await drain(store)).toEqual(names(batches * 1_000));
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(arrayBuffers + 64 * 1024 * 1024);
    await store.put(testLogs(1), false);
    await expect.poll(() => files()).toEqual([expect.stringMatching(/^\d{10}\.segment$/), "spare"]);
  });

  test("taken out of order by several workers: what has arrived does not come again, what has not does", async () => {
    const first = await open();
    await fill(first.store, 4);
    const one = { maxItems: 1, maxBytes: 1e6 };
    const taken = [await first.store.take(one), await first.store.take(one), await first.store.take(one)];
    taken[1]?.remove();
    taken[2]?.remove();
    await close(first.storage);
    const { store, lost } = await open();
    expect(store.items.logs).toBe(2);
    expect(await drain(store)).toEqual(["r0", "r3"]);
    expect([totalItems(store.items), totalItems(lost)]).toEqual([0, 0]);
  });

  test("drops the oldest in runs, counted, never what is taken", async () => {
    const { store } = await open({ segmentBytes: 64 * 1024 });
    const size = testLogs(100).byteLength;
    const batches = Math.ceil((300 * 1024) / size);
    await Promise.all(names(batches).map((_, index) => store.put(testLogs(100, "r", index * 100), false)));
    const taken = await store.take(limits);
    const dropped = store.dropOldest();
    const rest = await drain(store);
    expect(100 + dropped!.logs + rest.length).toBe(batches * 100);
    expect(rest.at(-1)).toBe(`r${batches * 100 - 1}`);
    expect(totalItems(store.items)).toBe(100);
    taken?.remove();
    expect(totalItems(store.items)).toBe(0);
    expect(store.dropOldest()).toBeUndefined();
  });

  test("is private, and of one collector at a time", async () => {
    const { storage, store } = await open();
    await fill(store, 1);
    expect(statSync(root).mode & 0o777).toBe(0o700);
    for (const file of files()) expect(statSync(join(directory(), file)).mode & 0o777).toBe(0o600);
    await expect(open()).rejects.toThrow(/another collector/);
    await close(storage);
    await expect(open()).resolves.toBeDefined();
  });

  test("on a full disk the file that has been read is written again, from its beginning", async () => {
    const { store } = await open();
    const one = () => store.put(testLogs(1_000), false);
    await one();
    await drain(store);
    const handle = await openFile(join(root, "any"), "w");
    const prototype = Object.getPrototypeOf(handle) as { writev(pieces: unknown, at: number): Promise<unknown> };
    await handle.close();
    const { writev } = prototype;
    // Nothing may grow: the disk has what it has.
    const full = vi.spyOn(prototype, "writev").mockImplementation(function (this: unknown, pieces, at) {
      return at < 1_000
        ? writev.call(this, pieces, at)
        : Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" }));
    });
    expect((await one()).kind).toBe("accepted");
    expect((await one()).kind).toBe("retryable");
    expect((await drain(store)).length).toBe(1_000);
    expect((await one()).kind).toBe("accepted");
    full.mockRestore();
    expect((await drain(store)).length).toBe(1_000);
    expect(totalItems(store.items)).toBe(0);
  });

  test("too little room on the disk: refused with the reason, and taken again when there is room", async () => {
    const { store, settings, storage } = await open({ minFreeBytes: Number.MAX_SAFE_INTEGER });
    expect(await store.put(testLogs(1), false)).toMatchObject({
      kind: "retryable",
      reason: expect.stringMatching(/no space.*min_free_space/),
    });
    expect(store.hasRoom()).toBe(false);
    expect(settings.states.at(-1)?.state).toBe("degraded");
    expect([totalItems(store.items), store.bytes]).toEqual([0, 0]);
    await close(storage);
  });
});

/** A store with `count` batches of one record, closed as a crash leaves it (`sealed`: as a stop does), and its one file. */
async function left(count: number, sealed: boolean): Promise<Buffer> {
  const { store, storage } = await open();
  for (let index = 0; index < count; index++) await store.put(testLogs(1, "r", index), false);
  const file = join(directory(), files()[0]!);
  const crashed = readFileSync(file);
  await close(storage);
  return sealed ? readFileSync(file) : crashed;
}

async function openWith(bytes: Buffer): Promise<Opened & { readonly base: string }> {
  const base = await mkdtemp(join(root, "case-"));
  mkdirSync(directory(base), { recursive: true });
  writeFileSync(join(directory(base), "0000000001.segment"), bytes);
  return { ...(await open({}, base)), base };
}

describe("damage", () => {
  const frame = testLogs(1, "r", 0).byteLength + frameHeaderBytes;

  test.each([false, true])(
    "a file cut at every byte gives every whole batch (sealed: %s)",
    { timeout: 60_000 },
    async (sealed) => {
      const whole = await left(3, sealed);
      for (let length = 0; length <= whole.length; length++) {
        const { store, storage, lost, base, settings } = await openWith(whole.subarray(0, length));
        const expected = Math.max(0, Math.floor((length - headBytes) / frame));
        expect(await drain(store), `cut at ${length}`).toEqual(names(expected));
        expect(totalItems(store.items)).toBe(0);
        await close(storage);
        // Of a sealed file it is known what is missing: counted, or the file is put aside.
        if (sealed && length >= headBytes && expected > 0) expect(lost.logs, `cut at ${length}`).toBe(3 - expected);
        if (sealed && length >= headBytes && expected < 3)
          expect([settings.counters.get("damaged_files"), files(base)]).toEqual([
            1,
            [expect.stringMatching(/corrupt-/)],
          ]);
        await rm(base, { recursive: true });
      }
    },
  );

  test.each([false, true])(
    "a byte changed anywhere costs the batch that it is in, no other (sealed: %s)",
    { timeout: 60_000 },
    async (sealed) => {
      const whole = await left(3, sealed);
      for (let at = 0; at < whole.length; at++) {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= 1 + (at % 255);
        const { store, storage, lost, base } = await openWith(bytes);
        const hit = at < headBytes ? -1 : Math.floor((at - headBytes) / frame);
        expect(await drain(store), `changed at ${at}`).toEqual(names(3).filter((_, index) => index !== hit));
        // The last one of a file that was not closed may as well be a write that was cut off: never acknowledged.
        expect(lost.logs, `changed at ${at}`).toBe(hit < 0 || (hit === 2 && !sealed) ? 0 : 1);
        expect(totalItems(store.items)).toBe(0);
        await close(storage);
        await rm(base, { recursive: true });
      }
    },
  );

  test("what is no segment is put aside, said once, and does not stop what is new", async () => {
    const { store, settings, base } = await openWith(
      Buffer.from("this is not a segment of ours at all, it is a letter to nobody"),
    );
    expect(files(base)).toEqual([expect.stringMatching(/^0000000001\.segment\.corrupt-/)]);
    expect(settings.counters.get("damaged_files")).toBe(1);
    await store.put(testLogs(1, "r"), false);
    expect(await drain(store)).toEqual(["r0"]);
  });

  test("a file that is cut while it is in use loses its rest, counted", async () => {
    const { store, lost } = await open({ segmentBytes: 64 * 1024 });
    // Past what is held in memory.
    for (let index = 0; index < 160; index++) await store.put(testLogs(1_000, "r", index * 1_000), false);
    const last = join(directory(), files().at(-1)!);
    truncateSync(last, headBytes + 10);
    const got = await drain(store);
    expect(got.length + lost.logs).toBe(160_000);
    expect(lost.logs).toBeGreaterThan(0);
    expect(totalItems(store.items)).toBe(0);
  });
});
