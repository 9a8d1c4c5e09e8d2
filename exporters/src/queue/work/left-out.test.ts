import { describe, expect, it } from "vitest";
import { createLeftOut } from "./left-out.ts";

const id = "0d4b9a52-7c1e-4f6a-9b3d-2f1e0c9a8b77";

interface Parts {
  readonly id?: string;
  readonly timestamp?: string;
  readonly stream?: string;
  readonly severity?: string;
  readonly end?: string;
}

function lineOf({
  timestamp = "2026-11-21T12:34:56.789Z",
  stream = "node:app",
  severity = "info",
  end = "}",
  ...parts
}: Parts) {
  const names = `"source":"telemetry:${stream}","service":"${stream}","project":"p","severity":"${severity}"`;
  return `{"id":"${parts.id ?? id}","timestamp":"${timestamp}",${names},"pattern":"telemetry-console","rawContent":"x"${end}`;
}

/** Between other lines, as a reader has it. */
function takes(leftOut: ReturnType<typeof createLeftOut>, line: string): boolean {
  const bytes = Buffer.from(`{"before":1}\n${line}\n{"id":"`);
  const from = 13;
  return leftOut.takes(bytes, from, from + Buffer.byteLength(line));
}

describe("events that nobody has to work on", () => {
  it("are known by the beginning of their lines, of whatever stream, and remembered", () => {
    const leftOut = createLeftOut();
    expect(leftOut.has(id)).toBe(false);
    const ids = Array.from({ length: 40 }, (_, index) => `${String(index).padStart(8, "0")}${id.slice(8)}`);
    // More streams than are looked for first, each twice.
    for (const [index, each] of ids.entries())
      expect(takes(leftOut, lineOf({ id: each, stream: `node:app-${index % 20}` }))).toBe(true);
    expect(ids.every((each) => leftOut.has(each))).toBe(true);
    expect(leftOut.has(id)).toBe(false);
  });

  it("are not what only looks like them", () => {
    const leftOut = createLeftOut();
    expect(takes(leftOut, lineOf({}))).toBe(true);
    const others = [
      lineOf({ severity: "warning" }),
      lineOf({ severity: "error" }),
      // Torn, and one that begins as another one did.
      lineOf({ end: "" }),
      lineOf({}).slice(0, 90),
      lineOf({}).slice(0, 9),
      "",
      // The names stand inside another text.
      lineOf({ id: `","a":"${id.slice(7)}` }),
      lineOf({ timestamp: `2026","b":"T12:34:56.78Z` }),
      lineOf({ timestamp: `2026\\","b":"T12:34:56.7Z` }),
      lineOf({ stream: 'x","severity":"error","y":"' }),
      ` ${lineOf({})}`,
    ];
    for (const line of others) expect([line, takes(leftOut, line)]).toEqual([line, false]);
  });
});
