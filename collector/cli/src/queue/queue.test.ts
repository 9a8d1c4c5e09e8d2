import { describe, expect, test } from "vitest";
import { eventLines } from "./lines.ts";
import { createSeen } from "./seen.ts";
import { atLeast } from "./severity.ts";

const plain = (_style: unknown, text: string) => text;

describe("an event", () => {
  const event = {
    timestamp: "2026-01-02T03:04:05.000Z",
    source: "telemetry:node:x",
    service: "node:x",
    severity: "error",
    rawContent: "Error: a\n  b",
  };

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
        timestamp: nasty,
        source: nasty,
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
