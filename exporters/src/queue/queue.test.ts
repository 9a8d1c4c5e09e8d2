import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Logs } from "@chriscode/devmux-telemetry-protocol";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../test/directory.ts";
import { createExporter, never, startExporter } from "../../test/host.ts";
import { eventually } from "../../test/private-tmux.ts";
import { itemsOf } from "../../test/queue-items.ts";
import { batchOf, noon, numbered } from "../../test/records.ts";
import { canMount, smallDisk } from "../../test/small-disk.ts";
import type { TriggerEvent } from "./event.ts";
import { factory } from "./factory.ts";
import { queuePath } from "./queue.ts";

const stream = "browser:localhost-3000";

async function start(path = join(temporaryDirectory(), "triggers", "queue.jsonl"), config: object = {}) {
  const running = await startExporter(factory, { path, ...config }, dirname(path));
  return {
    ...running,
    running,
    path,
    send: (batch: Logs) => running.exporter.export(batch, never),
    items: () => itemsOf(path),
    lines: () => readFileSync(path, "utf8").split("\n").filter(Boolean),
    events: (): TriggerEvent[] =>
      readFileSync(path, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };
}

const contents = (events: readonly TriggerEvent[]) => events.map(({ rawContent }) => rawContent);
const names = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `client-${from + index}`);

describe("the queue exporter", () => {
  it("writes each record as an event", async () => {
    const { send, events } = await start();
    const before = Date.now();
    const attributes = {
      "exception.type": "TypeError",
      "exception.message": "boom",
      "exception.stacktrace": "TypeError: boom\n    at pay (app.ts:10:5)",
    };
    expect(
      await send(batchOf(stream, [{ body: "boom", severityNumber: 17, eventName: "exception", attributes }])),
    ).toEqual({ kind: "accepted" });
    const [event] = events();
    expect(event).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timestamp: new Date(noon).toISOString(),
      source: "telemetry:browser:localhost-3000",
      service: "browser:localhost-3000",
      project: "telemetry",
      severity: "error",
      pattern: "telemetry-error",
      rawContent: "TypeError: boom",
      context: [],
      stackTrace: ["TypeError: boom", "    at pay (app.ts:10:5)"],
      status: "pending",
      contentHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      firstSeen: expect.any(String),
    });
    expect(Date.parse(event!.firstSeen)).toBeGreaterThanOrEqual(before);
  });

  it("keeps the order and loses nothing", async () => {
    const { send, events } = await start();
    for (let from = 0; from < 2_000; from += 250) await send(numbered(stream, 250, { from }));
    expect(contents(events())).toEqual(names(0, 2_000));
    expect(new Set(events().map(({ id }) => id)).size).toBe(2_000);
  });

  it("leaves out what is less severe than the user wants, counted", async () => {
    const { send, events, settings } = await start(undefined, { min_severity: "warning", project: "shop" });
    await send(
      batchOf(
        stream,
        [9, 13, 12, 17].map((severityNumber) => ({ severityNumber, body: `s${severityNumber}` })),
      ),
    );
    expect(contents(events())).toEqual(["s13", "s17"]);
    expect(events()[0]?.project).toBe("shop");
    expect(settings.counters.get("below_min_severity")).toBe(2);
  });

  it("counts the same content for the event that has it", async () => {
    const { send, events, exporter, settings, items } = await start();
    const at = (seconds: number, body = "tick") => ({ body, timeMs: noon + seconds * 1000 });
    const before = Date.now();
    await send(batchOf(stream, [at(0), at(1), at(0, "tock"), at(4.9)]));
    await send(batchOf(stream, [at(3_600)]));
    await send(batchOf("node:other", [at(0)]));
    expect(contents(events())).toEqual(["tick", "tock", "tick"]);
    await exporter.shutdown?.(never);
    expect((await items()).map(({ service, rawContent, count }) => [service, rawContent, count])).toEqual([
      [stream, "tick", 4],
      [stream, "tock", 1],
      ["node:other", "tick", 1],
    ]);
    const [tick] = await items();
    expect(Date.parse(tick!.lastSeen)).toBeGreaterThanOrEqual(Math.max(before, Date.parse(tick!.firstSeen)));
    expect(settings.counters.get("repeats_counted")).toBe(3);
    expect(settings.counters.get("duplicates_suppressed")).toBeUndefined();
  });

  it("says how often within the window, in one line for each event", async () => {
    const { send, lines, items } = await start(undefined, { dedup_window: "40ms" });
    await send(batchOf(stream, [{ body: "tick" }, { body: "tock" }]));
    for (let batch = 0; batch < 3; batch++)
      await send(batchOf(stream, [{ body: "tick" }, { body: "tock" }, { body: "tick" }]));
    await eventually(async () => expect((await items()).map(({ count }) => count)).toEqual([7, 4]));
    const patches = lines().slice(2);
    expect(patches.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ op: "seen", count: 6 }),
      expect.objectContaining({ op: "seen", count: 3 }),
    ]);
    await send(batchOf(stream, [{ body: "tick" }]));
    await eventually(async () => expect((await items())[0]?.count).toBe(8));
  });

  it("counts a record that comes again, once counted, no second time", async () => {
    const { send, exporter, settings, items } = await start();
    const record = (uid: string) => ({ body: "tick", attributes: { "log.record.uid": uid } });
    await send(batchOf(stream, [record("a-1"), record("a-2")]));
    await send(batchOf(stream, [record("a-1"), record("a-2"), record("a-3")]));
    await exporter.shutdown?.(never);
    expect((await items()).map(({ count }) => count)).toEqual([3]);
    expect(settings.counters.get("duplicates_suppressed")).toBe(2);
  });

  it("writes everything when the window is 0s", async () => {
    const { send, events } = await start(undefined, { dedup_window: "0s" });
    await send(batchOf(stream, [{ body: "same" }, { body: "same" }]));
    expect(events()).toHaveLength(2);
  });

  it("writes a record that comes again only once, also after a restart", async () => {
    const first = await start(undefined, { dedup_window: "0s" });
    await first.send(numbered(stream, 10));
    await first.send(numbered(stream, 5, { from: 7 }));
    await first.exporter.shutdown?.(never);
    const second = await start(first.path, { dedup_window: "0s" });
    await second.send(numbered(stream, 10, { from: 5 }));
    expect(contents(second.events())).toEqual(names(0, 15));
    expect(first.settings.counters.get("duplicates_suppressed")).toBe(3);
    expect(second.settings.counters.get("duplicates_suppressed")).toBe(7);
  });

  it("goes on counting after a restart", async () => {
    const first = await start();
    await first.send(batchOf(stream, [{ body: "tick" }, { body: "boom", severityNumber: 17 }]));
    await first.exporter.shutdown?.(never);
    const second = await start(first.path);
    await second.send(
      batchOf(stream, [{ body: "tick" }, { body: "boom", severityNumber: 17 }, { body: "boom", severityNumber: 17 }]),
    );
    await second.exporter.shutdown?.(never);
    expect((await second.items()).map(({ rawContent, count }) => [rawContent, count])).toEqual([
      ["tick", 2],
      ["boom", 3],
    ]);
  });

  it.each<[string, (line: string) => string, number]>([
    ["torn in its middle", (line) => line.slice(0, line.length / 2), 1],
    ["torn before its last character", (line) => line.slice(0, -1), 1],
    ["only without its LF", (line) => line, 0],
  ])("a crash left the last line %s: it is repaired, counted, and nothing is there twice", async (_, tear, again) => {
    const first = await start();
    await first.send(numbered(stream, 3));
    await first.exporter.shutdown?.(never);
    const lines = first.lines();
    writeFileSync(first.path, `${lines.slice(0, 2).join("\n")}\n${tear(lines[2]!)}`);
    const second = await start(first.path);
    await second.send(numbered(stream, 4));
    const whole = second.lines().filter((line) => line.endsWith("}"));
    expect(contents(whole.map((line) => JSON.parse(line)))).toEqual(names(0, 4));
    expect(second.lines()).toHaveLength(4 + again);
    expect(second.settings.counters.get("torn_lines")).toBe(1);
  });

  it.each<[string, (path: string) => void, string[]]>([
    [
      "replaced by another file",
      (path) => {
        writeFileSync(`${path}.tmp`, "", { mode: 0o644 });
        renameSync(`${path}.tmp`, path);
      },
      ["client-2", "client-3"],
    ],
    ["deleted", (path) => rmSync(path), ["client-2", "client-3"]],
    ["deleted with its directory", (path) => rmSync(dirname(path), { recursive: true }), ["client-2", "client-3"]],
    ["truncated", (path) => truncateSync(path), ["client-2", "client-3"]],
    [
      "edited with CRLF and a byte order mark",
      (path) => writeFileSync(path, `\ufeff${readFileSync(path, "utf8").replaceAll("\n", "\r\n")}`),
      names(0, 4),
    ],
    ["appended to", (path) => appendFileSync(path, '{"half'), names(0, 4)],
  ])("loses nothing after the file was %s by another program", async (_, change, expected) => {
    const { send, path, lines } = await start();
    await send(numbered(stream, 2));
    change(path);
    expect(await send(numbered(stream, 2, { from: 2 }))).toEqual({ kind: "accepted" });
    const parsed = lines().flatMap((line) => {
      try {
        return [JSON.parse(line.replace(/^\ufeff/, ""))];
      } catch {
        return [];
      }
    });
    expect(contents(parsed)).toEqual(expected);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each<[string, (path: string) => void]>([
    ["a symbolic link", (path) => symlinkSync("/etc/passwd", path)],
    ["a FIFO", (path) => void execFileSync("mkfifo", [path])],
    ["a directory", (path) => mkdirSync(path)],
  ])("refuses %s without hanging, says so once, and goes on when it is gone", async (_, put) => {
    const { send, path, settings, events } = await start();
    await send(numbered(stream, 1));
    rmSync(path);
    put(path);
    const batch = numbered(stream, 2, { from: 1 });
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await send(batch)).toMatchObject({
        kind: "retryable",
        retryAfterMs: 1_000,
        reason: expect.stringContaining(path),
      });
    }
    expect(settings.states.map(({ state }) => state)).toEqual(["degraded"]);
    rmSync(path, { recursive: true });
    expect(await send(batch)).toEqual({ kind: "accepted" });
    expect(contents(events())).toEqual(["client-1", "client-2"]);
    expect(settings.states.map(({ state }) => state)).toEqual(["degraded", "ok"]);
  });

  it("says at the start that it may not write, and goes on by itself when it may", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "queue.jsonl");
    chmodSync(directory, 0o777);
    const { send, settings, events } = await start(path);
    expect(settings.states).toEqual([
      { state: "degraded", message: expect.stringMatching(/cannot write .*others may write/) },
    ]);
    expect(await send(numbered(stream, 1))).toMatchObject({ kind: "retryable" });
    chmodSync(directory, 0o700);
    expect(await send(numbered(stream, 1))).toEqual({ kind: "accepted" });
    expect(contents(events())).toEqual(["client-0"]);
    expect(settings.states.map(({ state }) => state)).toEqual(["degraded", "ok"]);
  });

  it.runIf(canMount)("on a full disk waits, and then writes the rest of the batch once and whole", async () => {
    const disk = smallDisk(1024 * 1024);
    const { send, path, settings } = await start(join(disk.directory, "queue.jsonl"));
    await send(numbered(stream, 1, { prefix: "before" }));
    disk.fill();
    // Some can be recognised and some cannot; the same batch comes again, as the sending queue does it.
    const batch = batchOf(
      stream,
      Array.from({ length: 1_500 }, (_, index) => ({
        body: `item ${index}`,
        severityNumber: index % 3 === 0 ? 17 : 9,
        attributes: index % 2 === 0 ? { "log.record.uid": `u-${index}` } : {},
      })),
    );
    for (let attempt = 0; attempt < 3; attempt++) expect(await send(batch)).toMatchObject({ kind: "retryable" });
    expect(settings.states.at(-1)).toMatchObject({
      state: "degraded",
      message: expect.stringContaining("disk is full"),
    });
    disk.free();
    expect(await send(batch)).toEqual({ kind: "accepted" });
    const whole = readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line.endsWith('Z"}'));
    expect(contents(whole.map((line) => JSON.parse(line)))).toEqual([
      "before-0",
      ...Array.from({ length: 1_500 }, (_, index) => `item ${index}`),
    ]);
    expect(settings.counters.get("duplicates_suppressed") ?? 0).toBe(0);
    expect(settings.states.at(-1)).toMatchObject({ state: "ok" });
  });

  it("says with an error what its stream had before it, whatever the queue takes of that", async () => {
    const { send, events } = await start(undefined, { min_severity: "error", context_lines: 3 });
    const say = (body: string, severityNumber = 9) => ({ body, severityNumber });
    await send(batchOf(stream, [say("one"), say("two"), say("three\nlines\nlong"), say("boom", 17)]));
    await send(batchOf("node:other", [say("elsewhere"), say("bang", 17)]));
    await send(batchOf(stream, [say("x".repeat(1_000), 13), say("crash", 21)]));
    const time = new Date(noon).toISOString();
    expect(events().map(({ rawContent, context }) => [rawContent, context])).toEqual([
      ["boom", [`${time} info one`, `${time} info two`, `${time} info three…(+11)`]],
      ["bang", [`${time} info elsewhere`]],
      ["crash", [`${time} info three…(+11)`, `${time} error boom`, `${time} warning ${"x".repeat(300)}…(+700)`]],
    ]);
  });

  it("says nothing of what came before anything but an error, or where that is not wanted", async () => {
    const warned = await start();
    await warned.send(batchOf(stream, [{ body: "one" }, { body: "careful", severityNumber: 13 }]));
    expect(warned.events().map(({ context }) => context)).toEqual([[], []]);
    const without = await start(undefined, { context_lines: 0 });
    await without.send(batchOf(stream, [{ body: "one" }, { body: "boom", severityNumber: 17 }]));
    expect(without.events().map(({ context }) => context)).toEqual([[], []]);
  });

  it("says the same of it when the batch has to come again", async () => {
    const { send, path, events } = await start();
    await send(batchOf(stream, [{ body: "before" }]));
    rmSync(path);
    mkdirSync(path);
    const batch = batchOf(stream, [{ body: "one" }, { body: "boom", severityNumber: 17 }, { body: "after" }]);
    for (let attempt = 0; attempt < 3; attempt++) expect(await send(batch)).toMatchObject({ kind: "retryable" });
    rmSync(path, { recursive: true });
    await send(batch);
    await send(batchOf(stream, [{ body: "bang", severityNumber: 17 }]));
    const said = (context: readonly string[]) => context.map((line) => line.split(" ")[2]);
    const errors = events().filter(({ severity }) => severity === "error");
    expect(errors.map(({ context }) => said(context))).toEqual([
      ["before", "one"],
      ["before", "one", "boom", "after"],
    ]);
  });

  it("keeps its file small: what nobody works on becomes history, what is open goes on", async () => {
    const { send, path, items, settings, exporter } = await start(undefined, { max_file_size: "1MiB" });
    await send(batchOf(stream, [{ body: "boom", severityNumber: 17 }]));
    for (let batch = 0; batch < 40; batch++) {
      await send(numbered(stream, 200, { from: batch * 200 }));
      await send(batchOf(stream, [{ body: "boom", severityNumber: 17 }]));
      await new Promise(setImmediate);
    }
    await exporter.shutdown?.(never);
    expect(settings.counters.get("queue_pruned")).toBeGreaterThan(0);
    expect(settings.counters.get("queue_replaced")).toBeUndefined();
    expect(statSync(path).size).toBeLessThan(2 * 1024 * 1024);
    const errors = (await items()).filter(({ severity }) => severity === "error");
    expect(errors.map(({ rawContent, count }) => [rawContent, count])).toEqual([["boom", 41]]);
    expect(settings.drops.size).toBe(0);
  });

  it("drops the oldest errors where there is no room for all that are open, counted as loss", async () => {
    const { send, path, items, settings, exporter } = await start(undefined, { max_file_size: "1MiB" });
    const error = (number: number) => ({ body: `${number} ${"x".repeat(10_000)}`, severityNumber: 17 });
    for (let number = 0; number < 150; number++) {
      await send(batchOf(stream, [error(number)]));
      await new Promise(setImmediate);
    }
    await exporter.shutdown?.(never);
    const dropped = settings.drops.get("queue_full") ?? 0;
    const numbers = (await items()).map(({ rawContent }) => Number.parseInt(rawContent, 10));
    expect(dropped).toBeGreaterThan(0);
    // What came while the file was sealed stands before what was carried over.
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 150 - dropped }, (_, index) => dropped + index));
    expect(statSync(path).size).toBeLessThan(2 * 1024 * 1024);
  });

  it("cuts a record that is too large for a line", async () => {
    const { send, lines } = await start();
    await send(batchOf(stream, [{ body: "x".repeat(10_000_000) }, { body: "after" }]));
    expect(lines()).toHaveLength(2);
    expect(Buffer.byteLength(lines()[0]!)).toBeLessThanOrEqual(256 * 1024);
    expect(JSON.parse(lines()[0]!)).toMatchObject({ truncated: true });
  });

  it("refuses traces, and is safe to shut down twice and without a start", async () => {
    const { exporter } = createExporter(factory, { path: join(temporaryDirectory(), "queue.jsonl") });
    const traces = { signal: "traces", itemCount: 1, byteLength: 1, encode: () => new Uint8Array() } as never;
    expect(await exporter.export(traces, never)).toMatchObject({ kind: "rejected" });
    await exporter.shutdown?.(never);
    await exporter.shutdown?.(never);
  });

  it("reads ~ in its path, and its severities by name", () => {
    expect(queuePath("~/.opencode/triggers/queue.jsonl", "/home/me")).toBe("/home/me/.opencode/triggers/queue.jsonl");
    expect(queuePath("/a/../b")).toBe("/b");
    expect(factory.config.parse({})).toMatchObject({
      path: "~/.opencode/triggers/queue.jsonl",
      minSeverity: 0,
      dedupWindowMs: 5_000,
      maxLineBytes: 262_144,
    });
    expect(factory.config.parse({ min_severity: "WARN" }).minSeverity).toBe(13);
    expect(() => factory.config.parse({ min_severity: "loud" })).toThrow(/expected all, trace/);
    expect(() => factory.config.parse({ pathh: "x" })).toThrow();
  });
});
