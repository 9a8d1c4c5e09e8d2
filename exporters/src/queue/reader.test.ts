import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "../../test/directory.ts";
import { eventually } from "../../test/private-tmux.ts";
import { createLineSplitter } from "./line-splitter.ts";
import { followQueue, type QueuePosition, type ReadOptions, readQueue } from "./reader.ts";

const queueIn = (directory: string) => join(directory, "queue.jsonl");
const line = (name: string, rest: object = {}) =>
  `${JSON.stringify({ id: name, timestamp: "2026-11-21T00:00:00.000Z", source: "telemetry:a", severity: "error", rawContent: name, ...rest })}\n`;
const lines = (...names: string[]) => names.map((name) => line(name)).join("");

async function read(path: string, options: ReadOptions = {}) {
  const ids: string[] = [];
  let position: QueuePosition | undefined;
  for await (const entry of readQueue(path, options)) {
    ids.push(entry.event.id);
    position = entry.position;
  }
  return { ids, position };
}

/** Reads in the background until the test is over. */
function follow(path: string, options: Parameters<typeof followQueue>[1] = {}) {
  const ids: string[] = [];
  const end = new AbortController();
  const done = (async () => {
    for await (const { event } of followQueue(path, { ...options, signal: end.signal })) ids.push(event.id);
  })();
  onTestFinished(async () => {
    end.abort();
    await done;
  });
  return ids;
}

describe("readQueue", () => {
  it("reads what is there, whole lines only, and goes on from a position", async () => {
    const path = queueIn(temporaryDirectory());
    writeFileSync(path, lines("a", "b") + line("c").slice(0, 20));
    const first = await read(path);
    expect(first.ids).toEqual(["a", "b"]);
    appendFileSync(path, `${line("c").slice(20)}${line("d")}`);
    expect((await read(path, { from: JSON.parse(JSON.stringify(first.position)) })).ids).toEqual(["c", "d"]);
    expect((await read(path)).ids).toEqual(["a", "b", "c", "d"]);
  });

  it("skips and counts what is no event; blank lines are none", async () => {
    const path = queueIn(temporaryDirectory());
    let skipped = 0;
    writeFileSync(
      path,
      `\ufeff${line("a")}\n\r\n{"half":\n[1]\nnull\n"text"\n{"id":7}\n${line("b").replace("\n", "\r\n")}${line("big", { rest: "x".repeat(3_000_000) })}${line("c")}`,
    );
    expect((await read(path, { onSkipped: () => skipped++ })).ids).toEqual(["a", "b", "c"]);
    expect(skipped).toBe(6);
  });

  it("begins at the beginning where the position is of another file", async () => {
    const path = queueIn(temporaryDirectory());
    writeFileSync(path, lines("a", "b"));
    const { position } = await read(path);
    writeFileSync(`${path}.new`, lines("x", "y", "z"));
    renameSync(`${path}.new`, path);
    expect((await read(path, { from: position })).ids).toEqual(["x", "y", "z"]);
    expect((await read(path, { from: { ...position!, offset: 10_000 } })).ids).toEqual(["x", "y", "z"]);
  });

  it("does so too where another file has the same number and is longer", async () => {
    const path = queueIn(temporaryDirectory());
    writeFileSync(path, lines("a"));
    const { position } = await read(path);
    writeFileSync(path, line("a much longer line than before") + lines("b"));
    expect((await read(path, { from: position })).ids).toEqual(["a much longer line than before", "b"]);
  });

  it("reads nothing where there is no file, a directory or a FIFO", async () => {
    const directory = temporaryDirectory();
    expect((await read(queueIn(directory))).ids).toEqual([]);
    execFileSync("mkfifo", [queueIn(directory)]);
    expect((await read(queueIn(directory))).ids).toEqual([]);
  });

  it("splits bytes of any pieces into the same lines", () => {
    const bytes = Buffer.from("first\n\nзweite\n🎉\nrest");
    for (let size = 1; size <= bytes.length; size++) {
      const splitter = createLineSplitter(100);
      const found: (string | undefined)[] = [];
      let last = 100;
      for (let at = 0; at < bytes.length; at += size) {
        for (const { text, end } of splitter.push(bytes.subarray(at, at + size))) {
          found.push(text);
          last = end;
        }
      }
      expect(found).toEqual(["first", "", "зweite", "🎉"]);
      expect(last).toBe(100 + bytes.length - 4);
      expect(splitter.offset).toBe(last);
    }
  });
});

describe("followQueue", () => {
  it("has what is there and what comes", async () => {
    const path = queueIn(temporaryDirectory());
    writeFileSync(path, lines("a"));
    const ids = follow(path);
    await eventually(() => expect(ids).toEqual(["a"]));
    appendFileSync(path, line("b").slice(0, 10));
    appendFileSync(path, line("b").slice(10));
    appendFileSync(path, lines("c"));
    await eventually(() => expect(ids).toEqual(["a", "b", "c"]));
  });

  it("has only what comes, where it is to begin at the end", async () => {
    const path = queueIn(temporaryDirectory());
    writeFileSync(path, lines("a"));
    const ids = follow(path, { from: "end" });
    let next = 0;
    await eventually(() => {
      appendFileSync(path, lines(`new-${next++}`));
      expect(ids.length).toBeGreaterThan(0);
    });
    expect(ids).not.toContain("a");
  });

  it("waits for a file, and for a directory, that is not there yet", async () => {
    const path = join(temporaryDirectory(), "later", "queue.jsonl");
    const ids = follow(path);
    mkdirSync(dirname(path));
    writeFileSync(path, lines("a"));
    await eventually(() => expect(ids).toEqual(["a"]));
  });

  it("has each event once while the file is renamed, replaced, truncated and deleted", async () => {
    const path = queueIn(temporaryDirectory());
    writeFileSync(path, lines("a"));
    const ids = follow(path);
    await eventually(() => expect(ids).toEqual(["a"]));
    // A rotation: what is written until then is read, whoever is faster.
    appendFileSync(path, lines("b"));
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines("c"));
    await eventually(() => expect(ids).toEqual(["a", "b", "c"]));
    truncateSync(path);
    await eventually(() => {
      // Seen as truncated or not, by then the file is shorter than what was read.
      writeFileSync(path, lines("d"), { flag: "a" });
      expect(ids).toContain("d");
    });
    rmSync(path);
    writeFileSync(path, lines("e"));
    await eventually(() => expect(ids.at(-1)).toBe("e"));
    expect(ids.filter((id) => id !== "d")).toEqual(["a", "b", "c", "e"]);
  });

  it("ends when it is told to, also while it waits", async () => {
    const end = new AbortController();
    const path = queueIn(temporaryDirectory());
    writeFileSync(path, lines("a"));
    const seen: string[] = [];
    for await (const { event } of followQueue(path, { signal: end.signal })) {
      seen.push(event.id);
      setImmediate(() => end.abort());
    }
    expect(seen).toEqual(["a"]);
  });
});
