import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../../../test/directory.ts";
import { eventLine, statusLine } from "../../../test/queue-lines.ts";
import { changeStatus } from "./change.ts";
import { type Cursor, cursorText, parseCursor } from "./cursor.ts";
import { type NewsOptions, queueCursor, queueNews } from "./news.ts";
import { pruneQueue } from "./prune.ts";

function queueOf(...lines: string[]): string {
  const path = join(temporaryDirectory(), "queue.jsonl");
  writeFileSync(path, lines.join(""));
  return path;
}

/** An event of now. */
const line = (name: string, rest: object = {}) => eventLine(name, { firstSeen: new Date().toISOString(), ...rest });
const append = (path: string, ...lines: string[]) => appendFileSync(path, lines.join(""));

async function news(path: string, since?: string, options: Partial<NewsOptions> = {}) {
  const cursor = since === undefined ? undefined : parseCursor(since);
  const { items, ...rest } = await queueNews(path, { lowest: "error", since: cursor, ...options });
  return { ids: items.map(({ id }) => id), ...rest };
}

const prune = (path: string) =>
  pruneQueue(path, { keepClosedMs: 1e12, graceMs: 0, keepHistory: 9, maxOpenBytes: 1e9, lockTimeoutMs: 0 });

describe("what is new since a cursor", () => {
  test("is nothing, then what came; without a cursor all that is open", async () => {
    const path = queueOf(
      line("a"),
      line("b"),
      line("w", { severity: "warning" }),
      line("c"),
      statusLine("b", "resolved"),
    );
    const first = await news(path);
    expect(first.ids).toEqual(["a", "c"]);
    expect((await news(path, first.cursor)).ids).toEqual([]);
    append(
      path,
      line("d"),
      statusLine("a", "processing", { by: "x" }),
      line("e", { severity: "info" }),
      line("f"),
      statusLine("f", "dismissed"),
    );
    const second = await news(path, first.cursor);
    expect(second.ids).toEqual(["d"]);
    expect((await news(path, second.cursor)).ids).toEqual([]);
    expect((await news(path, first.cursor, { lowest: "info" })).ids).toEqual(["d", "e"]);
  });

  test("are events that are seen again after they were resolved, and no others that are seen again", async () => {
    const path = queueOf(line("a"), line("b"), statusLine("a", "resolved"));
    const { cursor } = await news(path);
    append(
      path,
      `${JSON.stringify({ op: "seen", id: "b", count: 3, key: "k", lastSeen: new Date().toISOString() })}\n`,
    );
    await changeStatus(path, { kind: "claim", id: "b", agent: "x", leaseMs: 1 }).catch(() => undefined);
    expect((await news(path, cursor)).ids).toEqual([]);
    append(
      path,
      statusLine("a", "pending", { from: "resolved", rev: 2, reason: "seen_again", at: new Date().toISOString() }),
    );
    expect((await news(path, cursor)).ids).toEqual(["a"]);
  });

  test("is found where the queue was pruned meanwhile, once and twice", async () => {
    const path = queueOf(line("a"), line("b"));
    const { cursor } = await news(path);
    append(path, line("c"));
    await prune(path);
    append(path, line("d"));
    expect(await news(path, cursor)).toMatchObject({ ids: ["c", "d"], isGone: false });
    const { cursor: between } = await news(path);
    append(path, line("e"));
    await prune(path);
    append(path, line("f"));
    expect(await news(path, cursor)).toMatchObject({ ids: ["c", "d", "e", "f"], isGone: false });
    expect(await news(path, between)).toMatchObject({ ids: ["e", "f"], isGone: false });
  });

  test("is told by its time where another program has replaced, edited or deleted the file, and that is said", async () => {
    const old = { firstSeen: new Date(Date.now() - 60_000).toISOString() };
    const path = queueOf(line("a", old), line("b", old));
    const { cursor } = await news(path);
    writeFileSync(`${path}.new`, line("b", old) + line("c"));
    renameSync(`${path}.new`, path);
    expect(await news(path, cursor)).toMatchObject({ ids: ["c"], isGone: true });
    writeFileSync(path, line("a", { ...old, note: "edited" }) + line("b", old) + line("d"));
    expect(await news(path, cursor)).toMatchObject({ ids: ["d"], isGone: true });
    rmSync(path);
    expect(await news(path, cursor)).toMatchObject({ ids: [], isGone: true });
  });

  test("is everything where there was no queue", async () => {
    const path = join(temporaryDirectory(), "queue.jsonl");
    const { cursor } = await news(path);
    expect(await news(path, cursor)).toMatchObject({ ids: [], isGone: false });
    writeFileSync(path, line("a"));
    expect(await news(path, cursor)).toMatchObject({ ids: ["a"], isGone: false });
  });

  test("does not hold half of a line back, and gives it when it is whole", async () => {
    const path = queueOf(line("a"), line("b").slice(0, 30));
    const first = await news(path);
    expect(first.ids).toEqual(["a"]);
    append(path, line("b").slice(30), line("c"));
    expect((await news(path, first.cursor)).ids).toHaveLength(2);
  });
});

describe("waiting", () => {
  test("ends with the first thing that is new", async () => {
    const path = queueOf(line("a"));
    const { cursor } = await news(path);
    const waiting = news(path, cursor, { waitMs: 20_000 });
    append(path, line("w", { severity: "warning" }));
    append(path, line("b"));
    const found = await waiting;
    expect(found.ids).toEqual(["b"]);
    expect((await news(path, found.cursor, { waitMs: 1 })).ids).toEqual([]);
  });

  test("for a queue that is not there yet, and through its rotation", async () => {
    const path = join(temporaryDirectory(), "queue.jsonl");
    const waiting = news(path, undefined, { waitMs: 20_000 });
    writeFileSync(path, line("a"));
    const { ids, cursor } = await waiting;
    expect(ids).toEqual(["a"]);
    const next = news(path, cursor, { waitMs: 20_000 });
    await prune(path);
    append(path, line("b"));
    expect((await next).ids).toEqual(["b"]);
  });

  test("ends when it has been long enough, or is told to", async () => {
    const path = queueOf(line("a"));
    const { cursor } = await news(path);
    expect((await news(path, cursor, { waitMs: 20 })).ids).toEqual([]);
    const end = new AbortController();
    const waiting = news(path, cursor, { waitMs: 60_000, signal: end.signal });
    end.abort();
    expect((await waiting).ids).toEqual([]);
  });
});

test("a cursor survives being text, and is letters, digits and - only", () => {
  const integer = fc.nat({ max: Number.MAX_SAFE_INTEGER });
  const check = fc.stringMatching(/^[0-9a-f]{12}$/);
  const position = fc.record({ device: integer, inode: integer, offset: fc.nat({ max: 2 ** 50 }), check });
  const cursor = fc.record({ timeMs: fc.nat({ max: 2 ** 50 }), position: fc.option(position, { nil: undefined }) });
  fc.assert(
    fc.property(cursor, (value: Cursor) => {
      expect(cursorText(value)).toMatch(/^[a-z0-9-]+$/);
      expect(parseCursor(cursorText(value))).toEqual(value);
    }),
  );
  for (const text of ["", "q1", "q1-", "q2-1", "q1-1-2-3-4", "now", "q1-1-2-3-4-x", " q1-1"])
    expect(parseCursor(text)).toBeUndefined();
});

test("a cursor of now is one before anything that comes", async () => {
  const path = queueOf(line("a"));
  const cursor = cursorText(await queueCursor(path));
  append(path, line("b"));
  expect((await news(path, cursor)).ids).toEqual(["b"]);
});
