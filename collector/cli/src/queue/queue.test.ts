import type { QueueItem } from "@chriscode/devmux-telemetry-exporters/queue";
import { describe, expect, test } from "vitest";
import { changeLine, eventLines, idWord, listLine, pageLines } from "./lines.ts";
import { ofStream, readAgent, readCount, readDuration, readStatuses } from "./options.ts";
import { capped } from "./untrusted.ts";

const plain = (_style: unknown, text: string) => text;
const at = "2026-01-02T03:04:05.000Z";
const item = {
  id: "3f2a91c0-0000-4000-8000-000000000000",
  timestamp: at,
  source: "telemetry:node:x",
  service: "node:x",
  project: "telemetry",
  severity: "error",
  pattern: "telemetry-error",
  rawContent: "Error: a\n  b",
  context: [],
  status: "pending",
  contentHash: "0123456789abcdef",
  firstSeen: at,
  count: 1,
  lastSeen: at,
  rev: 0,
} satisfies QueueItem;

describe("an event", () => {
  test("is a line for people, with its stack, but not what the line has said", () => {
    const stackTrace = ["Error: a", "    at f (x.js:1:2)"];
    const lines = eventLines({ ...item, stackTrace, status: "resolved", closed: { by: "ada" }, count: 3 }, plain);
    expect(lines[0]).toMatch(/^2026-01-0\d \d\d:\d\d:05 error {3}node:x Error: a \[x3, resolved by ada\]$/);
    expect(lines.slice(1)).toEqual(["    b", "    at f (x.js:1:2)"]);
  });

  test("shows eight lines of a stack and says how many more there are", () => {
    const stackTrace = Array.from({ length: 20 }, (_, index) => `at f${index} (x.js:1:2)`);
    expect(eventLines({ ...item, stackTrace }, plain).at(-1)).toBe("    … 12 more lines");
  });

  test("is one line in a list, as wide as the terminal", () => {
    const nowMs = Date.parse(at) + 125_000;
    const long = { ...item, rawContent: `Error: ${"long ".repeat(50)}`, count: 12 };
    const line = listLine(long, plain, nowMs, 80);
    expect(line).toMatch(/^3f2a91c0 pending {4}x12 {4}2m error {3}node:x Error: long .*…$/);
    expect(line.length).toBe(80);
    expect(listLine(long, plain, nowMs, undefined)).toContain("long ".repeat(50).trim());
  });

  test("is a page with all that is known of it, and what the app said behind |", () => {
    const claim = { by: "ada", at, until: at };
    const page = pageLines({ ...item, status: "processing", claim, context: ["before"], note: "hm" }, plain);
    expect(page[0]).toBe(`${item.id} error   node:x`);
    expect(page[1]).toMatch(/status {4}processing by ada until 2026-01-0/);
    expect(page).toEqual(expect.arrayContaining(["  | Error: a", "  |   b", "  | before", "  note      hm"]));
  });

  test("cannot move the cursor, forge a line or hide text, wherever it is shown", () => {
    const nasty = "\u001b[2Jx\r\u202ey\u009bz\u0007";
    const hostile = {
      ...item,
      id: nasty,
      timestamp: nasty,
      service: nasty,
      rawContent: nasty,
      stackTrace: [nasty],
      context: [nasty],
      status: nasty,
      pattern: nasty,
      note: nasty,
      claim: { by: nasty, until: nasty },
    };
    const lines = [
      ...eventLines(hostile, plain),
      ...pageLines(hostile, plain),
      listLine(hostile, plain, 0, undefined),
      changeLine(hostile, "x", plain, 0),
      idWord(nasty),
    ];
    for (const line of lines) expect(line).toMatch(/^[\x20-\x7e…]*$/);
    const forged = pageLines({ ...item, rawContent: "a\n  status    resolved" }, plain);
    expect(forged.filter((line) => /^ {2}status/.test(line))).toHaveLength(1);
  });

  test("of another program, with half of its fields, is shown as well", () => {
    const { service: _s, context: _c, pattern: _p, firstSeen: _f, ...foreign } = { ...item, count: 2 };
    expect(pageLines(foreign as unknown as QueueItem, plain).join("\n")).toContain("telemetry:node:x");
  });

  test.each([
    [item.id, "3f2a91c0"],
    ["my-event.1", "my-event.1"],
    ["x; rm -rf ~", "'x; rm -rf ~'"],
    ["it's $(x)", "'it'\\''s $(x)'"],
    ["-x", "'-x'"],
  ])("with id %s is one word of a command line", (id, word) => {
    expect(idWord(id)).toBe(word);
  });
});

describe("what is given to an agent", () => {
  test("is as it was where somebody can read it all", () => {
    expect(capped(item)).toEqual(item);
  });

  test("is bounded, and says that something is missing", () => {
    const much = Array.from({ length: 500 }, (_, index) => `${index} ${"y".repeat(5_000)}`);
    const short = capped({ ...item, rawContent: "x".repeat(200_000), stackTrace: much, context: much });
    expect(JSON.stringify(short).length).toBeLessThan(40_000);
    expect(short).toMatchObject({ truncated: true, rawContent: expect.stringMatching(/^x{4000}…\(\+196000\)$/) });
    expect(short.context.at(-1)).toMatch(/^499 y/);
  });
});

describe("options", () => {
  test.each<[string, string[] | "all"]>([
    ["open", ["pending", "processing"]],
    ["resolved, dismissed", ["resolved", "dismissed"]],
    ["pending,all", "all"],
  ])("--status %s", (text, expected) => {
    const statuses = readStatuses("x", text);
    expect(statuses === "all" ? statuses : [...statuses]).toEqual(expected);
  });

  test("what cannot be read is refused with what is expected", () => {
    expect(() => readStatuses("x", "opne")).toThrow(/expected pending, processing, .* got "opne"/);
    expect(() => readDuration("x", "--lease", "soon", { min: 1_000, max: 3_600_000 })).toThrow(/from 1s to 1h/);
    expect(() => readDuration("x", "--wait", "9999h")).toThrow(/expected a time/);
    expect(() => readCount("x", "--limit", "-1")).toThrow(/expected a number/);
    for (const name of ["", "a b", "a\u001b[2J", "$(x)", "-a", "x".repeat(65)])
      expect(() => readAgent("x", name), name).toThrow(/--agent/);
  });

  test("times, names and streams", () => {
    expect(readDuration("x", "--lease", "1m30s")).toBe(90_000);
    expect(readAgent("x", "claude-code@mac.local:2")).toBe("claude-code@mac.local:2");
    expect([ofStream("node")?.(item), ofStream("node:x")?.(item), ofStream("browser")?.(item)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
