// What the queue promises to several processes at once, statement by statement; test/soak/queue.ts runs the same with larger numbers.

import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../../test/directory.ts";
import { never, startExporter } from "../../test/host.ts";
import { itemsOf } from "../../test/queue-items.ts";
import { startQueueProcess } from "../../test/queue-processes.ts";
import { manyClaimers, manyWriters, race, tailing } from "../../test/queue-statements.ts";
import { batchOf } from "../../test/records.ts";
import { factory } from "./factory.ts";
import { changeStatus } from "./work/change.ts";
import { defaultGraceMs, pruneQueue } from "./work/prune.ts";

/** A dozen processes that take turns; a busy machine needs a multiple of the usual ten seconds. */
const processesMs = 180_000;
const stream = "browser:localhost-3000";
const small = { writers: 2, events: 200, times: 2, changers: 2, changes: 40, rotations: 15, keepClosedMs: 1e12 };

const error = (body: string) => ({ body, severityNumber: 17, attributes: { "log.record.uid": body } });
const pruneAll = (path: string, options = {}) =>
  pruneQueue(path, {
    keepClosedMs: 1e12,
    graceMs: 0,
    keepHistory: 0,
    maxOpenBytes: 1e9,
    lockTimeoutMs: 1_000,
    ...options,
  });

async function startQueue(directory = temporaryDirectory()) {
  const path = join(directory, "triggers", "queue.jsonl");
  const running = await startExporter(factory, { path, context_lines: 0 }, directory);
  let next = 0;
  return {
    path,
    settings: running.settings,
    /** One more error. */
    send: () => running.exporter.export(batchOf(stream, [error(`error-${next++}`)]), never),
    contents: async () => (await itemsOf(path)).map(({ rawContent }) => rawContent),
  };
}

test(
  "Q1: eight writers of lines from 200 bytes to 250 KB: every line parses, each writer's order is kept, none is lost",
  async () => {
    await manyWriters(temporaryDirectory(), 8, 60, [200, 5_000, 200, 70_000, 5_000, 250_000]);
  },
  processesMs,
);

test("Q2: the queue's files are written by one call for each write, and by no other", () => {
  const here = dirname(fileURLToPath(import.meta.url));
  const sources = [here, join(here, "work"), join(here, "..", "files")].flatMap((directory) =>
    readdirSync(directory)
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => readFileSync(join(directory, name), "utf8")),
  );
  expect(sources.length).toBeGreaterThan(20);
  const writing = /\b(?:appendFile(?:Sync)?|writeFile(?:Sync)?|createWriteStream|writev(?:Sync)?|handle\.write)\s*\(/g;
  expect(sources.flatMap((source) => source.match(writing) ?? [])).toEqual([]);
  expect(sources.join("").match(/\bwriteSync\(/g)).toHaveLength(1);
});

describe("Q3: after a torn line", () => {
  test.each(["{", '{"id":"half', "\ufeff", "x".repeat(100_000)])(
    "the next event is whole, and it is counted: %j",
    async (torn) => {
      const { path, send, contents, settings } = await startQueue();
      await send();
      appendFileSync(path, torn);
      await send();
      expect(await contents()).toEqual(["error-0", "error-1"]);
      expect(settings.counters.get("torn_lines")).toBe(1);
    },
  );

  test("the next change of a status is whole", async () => {
    const { path, send } = await startQueue();
    await send();
    appendFileSync(path, '{"id":"half');
    const [item] = await itemsOf(path);
    expect(await changeStatus(path, { kind: "resolve", id: item!.id })).toMatchObject({ kind: "changed" });
    expect(await itemsOf(path)).toMatchObject([{ status: "resolved" }]);
  });
});

describe("Q4: another program", () => {
  test.each<[string, (path: string) => void, string | undefined]>([
    ["replaces the file", replace, "queue_replaced"],
    ["replaces it by one without anything", (path) => replace(path, ""), "queue_replaced"],
    ["deletes it", (path) => rmSync(path), "queue_replaced"],
    ["deletes its directory", (path) => rmSync(dirname(path), { recursive: true }), "queue_replaced"],
    ["truncates it", (path) => truncateSync(path), "queue_truncated"],
    ["truncates it in its middle", (path) => truncateSync(path, statSync(path).size - 20), "torn_lines"],
    ["edits it with CRLF and a byte order mark", edit, undefined],
    [
      "changes it without changing its length",
      (path) => rewrite(path, (text) => text.replaceAll("pending", "PENDING")),
      undefined,
    ],
  ])("%s: no later event is lost, and it is said once", async (_, change, counter) => {
    const { path, send, contents, settings } = await startQueue();
    await send();
    await send();
    change(path);
    await send();
    await send();
    expect((await contents()).slice(-2)).toEqual(["error-2", "error-3"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    if (counter !== undefined) expect(settings.counters.get(counter)).toBe(1);
  });

  test.each<[string, (path: string) => void]>([
    ["a directory", (path) => mkdirSync(path)],
    ["a symbolic link", (path) => symlinkSync("/etc/passwd", path)],
    ["a FIFO", (path) => void execFileSync("mkfifo", [path])],
  ])("puts %s in its place: nothing hangs, it is said once, and nothing is lost when it is gone", async (_, put) => {
    const { path, send, contents, settings } = await startQueue();
    await send();
    renameSync(path, `${path}.mine`);
    put(path);
    expect(await send()).toMatchObject({ kind: "retryable" });
    expect(await changeStatus(path, { kind: "resolve", id: "0000" })).toMatchObject({ kind: "none" });
    expect(await pruneAll(path)).toMatchObject({ kind: "failed", cause: "unwritable" });
    expect(settings.states.map(({ state }) => state)).toEqual(["degraded"]);
    rmSync(path, { recursive: true });
    expect(await send()).toEqual({ kind: "accepted" });
    expect(await contents()).toEqual(["error-2"]);
  });

  test("resolves an event by editing its line; it is pending again when it is seen again", async () => {
    const { path, send, settings } = await startQueue();
    await send();
    const [item] = await itemsOf(path);
    await changeStatus(path, { kind: "claim", id: item!.id, agent: "x", leaseMs: 60_000 });
    rewrite(path, (text) => text.replace('"status":"pending"', '"status":"resolved"'));
    expect(await itemsOf(path)).toMatchObject([{ status: "resolved" }]);
    const again = await startExporter(factory, { path, context_lines: 0 }, dirname(path));
    await again.exporter.export(batchOf(stream, [{ body: "error-0", severityNumber: 17 }]), never);
    await again.exporter.shutdown?.(never);
    expect(await itemsOf(path)).toMatchObject([
      { status: "pending", count: 2, note: expect.stringContaining("seen again") },
    ]);
    expect(settings.states).toEqual([]);
  });

  test("removes the line of an event: the same error is a new event", async () => {
    const { path, send, contents } = await startQueue();
    await send();
    truncateSync(path);
    const again = batchOf(stream, [{ body: "error-0", severityNumber: 17 }]);
    const other = await startExporter(factory, { path }, dirname(path));
    await other.exporter.export(again, never);
    expect(await contents()).toEqual(["error-0"]);
  });
});

describe("Q5: status changes racing appends and rotations", () => {
  test(
    "the fold is what the processes said; no event is lost",
    async () => {
      await race(temporaryDirectory(), small);
    },
    processesMs,
  );
  test(
    "with what is done removed, nothing that was removed comes back",
    async () => {
      await race(temporaryDirectory(), { ...small, keepClosedMs: 0 });
    },
    processesMs,
  );
  test(
    "two claimers never get the same event",
    async () => {
      await manyClaimers(temporaryDirectory(), 4, 40);
    },
    processesMs,
  );
});

describe("Q6: files are 0600 and directories 0700", () => {
  test.each([0o000, 0o077])("under umask %o", async (mask) => {
    const before = process.umask(mask);
    try {
      const { path, send } = await startQueue();
      await send();
      const [item] = await itemsOf(path);
      await changeStatus(path, { kind: "dismiss", id: item!.id });
      await pruneAll(path, { keepHistory: 9, keepClosedMs: 0 });
      await send();
      const directory = dirname(path);
      expect(readdirSync(directory)).toHaveLength(3);
      for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777, name).toBe(0o600);
      expect(statSync(directory).mode & 0o777).toBe(0o700);
    } finally {
      process.umask(before);
    }
  });

  test("a file that others can read is closed to them; a directory that others can write to is refused", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "queue.jsonl");
    writeFileSync(path, "", { mode: 0o644 });
    const { exporter } = await startExporter(factory, { path }, directory);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(directory, 0o777);
    await exporter.shutdown?.(never);
    expect(await exporter.export(batchOf(stream, [error("x")]), never)).toMatchObject({ kind: "retryable" });
    writeFileSync(path, `{"id":"abcd","timestamp":"","source":"","severity":"error","rawContent":""}\n`);
    expect(await changeStatus(path, { kind: "resolve", id: "abcd" })).toMatchObject({
      kind: "failed",
      cause: "unwritable",
    });
  });
});

describe("Q7: a process that is stopped", () => {
  test(
    "anywhere, and goes on later: no corruption, nothing lost",
    async () => {
      await race(temporaryDirectory(), { ...small, stopForMs: 50 });
    },
    processesMs,
  );

  test("while it has the lock holds up who changes a status, for as long as they want to wait; not the collector, not readers", async () => {
    const { path, send, contents } = await startQueue();
    await send();
    const holder = startQueueProcess({ kind: "lock", path });
    await holder.next();
    holder.process.kill("SIGSTOP");
    const [item] = await itemsOf(path);
    const resolve = (lockTimeoutMs: number) => changeStatus(path, { kind: "resolve", id: item!.id }, { lockTimeoutMs });
    expect(await resolve(100)).toMatchObject({ kind: "failed", cause: "busy" });
    expect(await pruneAll(path, { lockTimeoutMs: 0 })).toMatchObject({ kind: "failed", cause: "busy" });
    await send();
    expect(await contents()).toEqual(["error-0", "error-1"]);
    // Waits for the stopped one, and goes on when that has ended.
    const waiting = resolve(10_000);
    holder.process.kill("SIGCONT");
    holder.process.kill("SIGTERM");
    expect(await waiting).toMatchObject({ kind: "changed" });
  });
});

describe("Q8: a process that is killed", () => {
  test("while it has the lock: the next one goes on within a second", async () => {
    const { path, send } = await startQueue();
    await send();
    const holder = startQueueProcess({ kind: "lock", path });
    await holder.next();
    const [item] = await itemsOf(path);
    holder.process.kill("SIGKILL");
    const at = performance.now();
    expect(await changeStatus(path, { kind: "resolve", id: item!.id })).toMatchObject({ kind: "changed" });
    expect(performance.now() - at).toBeLessThan(1_000);
  });

  test(
    "while it rotates: nothing is lost",
    async () => {
      await race(temporaryDirectory(), { ...small, kills: 4 });
    },
    processesMs,
  );
});

test("Q9: a record of 10 MB is cut to the cap and says so; it is neither refused nor split", async () => {
  const { path, settings } = await startQueue();
  const { exporter } = await startExporter(factory, { path }, dirname(path));
  expect(await exporter.export(batchOf(stream, [{ body: "x".repeat(10_000_000) }]), never)).toEqual({
    kind: "accepted",
  });
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  expect(lines).toHaveLength(1);
  expect(Buffer.byteLength(lines[0]!)).toBeLessThanOrEqual(256 * 1024);
  expect(JSON.parse(lines[0]!)).toMatchObject({ truncated: true, rawContent: expect.stringMatching(/^x+…\(\+\d+\)$/) });
  expect(settings.drops.size).toBe(0);
});

test(
  "Q10: a reader that tails the file while it is rotated has each event exactly once, by its id",
  async () => {
    await tailing(temporaryDirectory(), 200, 15);
  },
  processesMs,
);

test("a deleted file takes nothing with it: what a program wrote to it at the last moment is in the new one", async () => {
  const { path, send, contents } = await startQueue();
  await send();
  expect(await pruneAll(path, { keepHistory: 9 })).toMatchObject({ kind: "pruned", historyFiles: 1, deletedFiles: 0 });
  const history = readdirSync(dirname(path)).find((name) => /^queue\.1\.\d+\.jsonl$/.test(name))!;
  const late = { id: "late", timestamp: "", source: "other", severity: "error", rawContent: "late" };
  appendFileSync(join(dirname(path), history), `${JSON.stringify(late)}\n`);
  expect(await contents()).toEqual(["late", "error-0"]);
  expect(await pruneAll(path, { graceMs: defaultGraceMs })).toMatchObject({ deletedFiles: 0 });
  expect(await pruneAll(path)).toMatchObject({ historyFiles: 0 });
  expect(readdirSync(dirname(path)).sort()).toEqual(["queue.jsonl", "queue.jsonl.lock"]);
  expect((await contents()).sort()).toEqual(["error-0", "late"]);
});

function replace(path: string, text?: string): void {
  writeFileSync(`${path}.new`, text ?? readFileSync(path), { mode: 0o644 });
  renameSync(`${path}.new`, path);
}

function edit(path: string): void {
  rewrite(path, (text) => `\ufeff${text.replaceAll("\n", "\r\n")}`);
}

function rewrite(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}
