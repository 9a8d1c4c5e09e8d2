import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Content } from "./event.ts";
import { createLineFormat } from "./line.ts";

const content: Content = {
  severity: "info",
  pattern: "telemetry-console",
  rawContent: "hello",
  stack: "",
  contentHash: "0123456789abcdef",
};
const id = "01234567-89ab-8def-8123-456789abcdef";
const time = "2026-11-21T12:34:56.789Z";

function line(changed: Partial<Content>, maxLineBytes = 256 * 1024, stream = "node:app", context: string[] = []) {
  const format = createLineFormat({ project: "telemetry", maxLineBytes });
  const times = { timestamp: time, firstSeen: time };
  return format({ id, ...times, stream, content: { ...content, ...changed }, context });
}

describe("a line of the queue", () => {
  it("has the fields of a TriggerEvent, in their order", () => {
    expect(line({ severity: "error", stack: "Error: x\n    at f (a.ts:1:1)" })).toBe(
      `${JSON.stringify({
        id,
        timestamp: time,
        source: "telemetry:node:app",
        service: "node:app",
        project: "telemetry",
        severity: "error",
        pattern: "telemetry-console",
        rawContent: "hello",
        context: [],
        stackTrace: ["Error: x", "    at f (a.ts:1:1)"],
        status: "pending",
        contentHash: "0123456789abcdef",
        firstSeen: time,
      })}\n`,
    );
    expect(JSON.parse(line({}))).not.toHaveProperty("stackTrace");
  });

  it("is JSON of what it was given, on one line, with nothing that a terminal would act on", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(text, text, text, (rawContent, stack, stream) => {
        const written = line({ rawContent, stack }, undefined, stream);
        expect(JSON.parse(written)).toMatchObject({ rawContent, service: stream, source: `telemetry:${stream}` });
        expect(JSON.parse(written).stackTrace?.join("\n") ?? "").toBe(stack);
        expect(written.slice(0, -1)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
        expect(written.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["text", { rawContent: "x".repeat(10_000_000) }],
    ["text of three bytes each", { rawContent: "日".repeat(1_000_000) }],
    ["text that grows by escaping", { rawContent: "\0".repeat(1_000_000) }],
    ["text of pairs", { rawContent: "🎉".repeat(500_000) }],
    ["a stack", { stack: "    at f (http://localhost/a.ts:1:1)\n".repeat(100_000) }],
    ["a stack of one line", { stack: "y".repeat(1_000_000) }],
    ["both", { rawContent: "x".repeat(300_000), stack: "    at f\n".repeat(50_000) }],
  ])("is cut to its limit, and says so: %s", (_, changed) => {
    for (const limit of [4_096, 256 * 1024]) {
      const written = line(changed, limit);
      expect(Buffer.byteLength(written)).toBeLessThanOrEqual(limit);
      expect(Buffer.byteLength(written)).toBeGreaterThan(limit / 4);
      const event = JSON.parse(written);
      expect(event.truncated).toBe(true);
      expect(event.rawContent.isWellFormed()).toBe(true);
      if ("rawContent" in changed) expect(event.rawContent).toMatch(/…\(\+\d+\)$/);
      else expect(event.rawContent).toBe("hello");
    }
  });

  it("that fits exactly is not cut", () => {
    const whole = line({ rawContent: "é".repeat(3_000) });
    expect(line({ rawContent: "é".repeat(3_000) }, Buffer.byteLength(whole))).toBe(whole);
    expect(JSON.parse(line({ rawContent: "é".repeat(3_000) }, Buffer.byteLength(whole) - 1)).truncated).toBe(true);
  });
});
