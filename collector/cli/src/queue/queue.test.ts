import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSettings } from "../config/settings.ts";
import { atLeast, parseEvent } from "./event.ts";
import { eventLines } from "./lines.ts";
import { queuePath } from "./path.ts";
import { createSeen } from "./seen.ts";
import { tailLines } from "./tail.ts";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "devmux-queue-"));
  file = join(directory, "queue.jsonl");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const plain = (_style: unknown, text: string) => text;

describe("reading lines", () => {
  async function all(path: string): Promise<string[]> {
    const lines: string[] = [];
    for await (const some of tailLines(path)) lines.push(...some);
    return lines;
  }

  test("gives complete ones, whatever their length, and leaves a torn last one", async () => {
    const long = "ä€😀".repeat(60_000);
    writeFileSync(file, `one\n${long}\n\nthree\n{"torn`);
    expect(await all(file)).toEqual(["one", long, "", "three"]);
  });

  test("throws where there is no file", async () => {
    await expect(all(file)).rejects.toMatchObject({ code: "ENOENT" });
  });

  /** A reader that follows, asked for the next line when a test wants it. */
  function follow(path: string) {
    const stop = new AbortController();
    const reader = tailLines(path, { follow: stop.signal });
    const waiting: string[] = [];
    return {
      async next(): Promise<string> {
        while (waiting.length === 0) waiting.push(...((await reader.next()).value ?? []));
        return waiting.shift()!;
      },
      async stop() {
        stop.abort();
        await reader.next();
      },
    };
  }

  test("goes on as lines are appended, also in pieces", async () => {
    writeFileSync(file, "one\n");
    const reader = follow(file);
    expect(await reader.next()).toBe("one");
    appendFileSync(file, "tw");
    const two = reader.next();
    appendFileSync(file, "o\nthree\n");
    expect(await two).toBe("two");
    expect(await reader.next()).toBe("three");
    await reader.stop();
  });

  test("waits for a file, and its directory, that are not there yet", async () => {
    const later = join(directory, "later", "queue.jsonl");
    const reader = follow(later);
    const first = reader.next();
    mkdirSync(join(directory, "later"));
    writeFileSync(later, "first\n");
    expect(await first).toBe("first");
    await reader.stop();
  });

  test("follows the name when another file takes it, and reads the old one to its end", async () => {
    writeFileSync(file, "one\n");
    const reader = follow(file);
    expect(await reader.next()).toBe("one");
    appendFileSync(file, "two\n");
    renameSync(file, `${file}.1`);
    appendFileSync(`${file}.1`, "three\n");
    writeFileSync(file, "four\n");
    expect([await reader.next(), await reader.next(), await reader.next()]).toEqual(["two", "three", "four"]);
    await reader.stop();
  });

  test("begins anew where the file was truncated", async () => {
    writeFileSync(file, "one\ntwo\n");
    const reader = follow(file);
    expect([await reader.next(), await reader.next()]).toEqual(["one", "two"]);
    truncateSync(file, 0);
    const next = reader.next();
    // The reader looks at the length, so the new text is shorter than the old.
    appendFileSync(file, "3\n");
    expect(await next).toBe("3");
    await reader.stop();
  });

  test("ends when it is told to, though nothing comes", async () => {
    writeFileSync(file, "");
    const reader = follow(file);
    await reader.stop();
  });
});

describe("an event", () => {
  const event = {
    id: "1",
    timestamp: "2026-01-02T03:04:05.000Z",
    service: "node:x",
    severity: "error",
    rawContent: "Error: a\n  b",
  };

  test("keeps every field that it has", () => {
    expect(parseEvent(JSON.stringify({ ...event, claimedBy: "ada" }))).toEqual({ ...event, claimedBy: "ada" });
  });

  test.each(["", "{", "[]", "null", '{"id":"1"}', JSON.stringify({ ...event, stackTrace: "text" })])(
    "%j is none",
    (line) => {
      expect(parseEvent(line)).toBeUndefined();
    },
  );

  test.each([
    ["info", "warning", false],
    ["warning", "warning", true],
    ["error", "warning", true],
    ["critical", "error", true],
    ["from another program", "error", true],
  ] as const)("of severity %s is shown from %s on: %s", (severity, lowest, shown) => {
    expect(atLeast(severity, lowest)).toBe(shown);
  });

  test("is a line for people, with its stack, but not what the line has said", () => {
    const lines = eventLines({ ...event, stackTrace: ["Error: a", "    at f (x.js:1:2)"], status: "claimed" }, plain);
    expect(lines[0]).toMatch(/^2026-01-0\d \d\d:\d\d:05 error {3}node:x Error: a \[claimed\]$/);
    expect(lines.slice(1)).toEqual(["    b", "    at f (x.js:1:2)"]);
  });

  test("shows eight lines of a stack and says how many more there are", () => {
    const stackTrace = Array.from({ length: 20 }, (_, index) => `at f${index} (x.js:1:2)`);
    expect(eventLines({ ...event, stackTrace }, plain).at(-1)).toBe("    … 12 more lines");
  });

  test("cannot move the cursor, forge a line or hide text", () => {
    const nasty = "\u001b[2Jx\r\u202ey\u009bz\u0007";
    const lines = eventLines(
      {
        id: "1",
        timestamp: nasty,
        service: nasty,
        severity: nasty,
        rawContent: nasty,
        stackTrace: [nasty],
        status: nasty,
      },
      plain,
    );
    for (const line of lines) expect(line).toMatch(/^[\x20-\x7e…]*$/);
  });
});

test("an id is new once, and the oldest is forgotten at the limit", () => {
  const seen = createSeen(2);
  expect(["a", "a", "b", "c", "a"].map((id) => seen.isNew(id))).toEqual([true, false, true, true, true]);
});

describe("where the queue is", () => {
  const settingsFor = (queue: object) => {
    const collector = { exporters: { tmux: {}, queue } };
    writeFileSync(join(directory, "devmux.config.json"), JSON.stringify({ telemetry: { collector } }));
    return readSettings({}, directory);
  };
  const shell = { homeDir: "/home/ada" };

  test.each([
    [{}, "/home/ada/.opencode/triggers/queue.jsonl"],
    [{ path: "/var/q.jsonl" }, "/var/q.jsonl"],
    [{ path: "~/q.jsonl" }, "/home/ada/q.jsonl"],
  ])("%j", (queue, expected) => {
    expect(queuePath(settingsFor(queue), shell)).toBe(expected);
  });

  test("a relative path starts at the configuration's directory", () => {
    expect(queuePath(settingsFor({ path: "q.jsonl" }), shell)).toBe(join(directory, "q.jsonl"));
  });
});
