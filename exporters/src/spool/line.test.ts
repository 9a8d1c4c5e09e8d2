import type { LogRecordInit } from "@chriscode/devmux-telemetry-protocol";
import { describe, expect, it } from "vitest";
import { hostileTexts } from "../../test/hostile-text.ts";
import { batchOf, noon } from "../../test/records.ts";
import { createRecordLine, eventLine } from "./line.ts";
import { glimpseOf, parseStoredLine } from "./stored-record.ts";

function lineOf(record: LogRecordInit, from?: string): string {
  const [view] = [...batchOf("node:app", [record]).records()];
  const { timeMs, severityNumber, body } = view!;
  return createRecordLine()(view!, { timeMs, severityNumber, body, attributes: view!.attributes(), from });
}

describe("a record as a line of the spool", () => {
  it("has every field, in JSON, and comes back as it was", () => {
    const record = {
      severityNumber: 17,
      severityText: "error",
      body: { user: { id: 7 }, tags: ["a", null, true] },
      attributes: { "exception.type": "TypeError", count: 3, ratio: 0.5, nested: { list: [1, 2] } },
      eventName: "exception",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
    };
    const line = lineOf(record);
    expect(line.endsWith("}\n")).toBe(true);
    expect(parseStoredLine(line)).toEqual({ kind: "record", timeMs: noon, from: undefined, ...record });
    expect(parseStoredLine(lineOf({ body: "x" }, "otlp:other-app"))).toMatchObject({ from: "otlp:other-app" });
  });

  it("is one line of printable text, whatever is in it, and loses nothing of it", () => {
    for (const text of hostileTexts) {
      const line = lineOf({
        body: text,
        severityText: text,
        eventName: text,
        attributes: { [text]: text, list: [text] },
      });
      expect(line.slice(0, -1)).not.toMatch(
        /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\u200b\ufeff\u{e0000}-\u{e0fff}]/u,
      );
      // Halves of surrogate pairs became U+FFFD on their way through UTF-8.
      const whole = text.toWellFormed();
      expect(parseStoredLine(line)).toMatchObject({ body: whole, attributes: { [whole]: whole, list: [whole] } });
    }
  });

  it("writes what JSON has no word for as text", () => {
    const line = lineOf({
      body: [Number.NaN, Number.POSITIVE_INFINITY, 9_223_372_036_854_775_807n, new Uint8Array([1, 2])],
    });
    expect(parseStoredLine(line)).toMatchObject({ body: ["NaN", "Infinity", "9223372036854775807", "AQI="] });
  });

  it("tells its time and severity without being parsed", () => {
    const timestamp = new Date(noon).toISOString();
    expect(glimpseOf(lineOf({ body: "x", severityNumber: 13 }))).toEqual({ timestamp, severityNumber: 13 });
    const event = eventLine(noon, "connected", { service: "a\u009b", platform: "browser" });
    expect(glimpseOf(event)).toEqual({ timestamp, severityNumber: undefined });
    expect(parseStoredLine(event)).toEqual({
      kind: "event",
      timeMs: noon,
      event: "connected",
      service: "a\u009b",
      platform: "browser",
    });
    // Another program's line is parsed.
    expect(glimpseOf('{"severityNumber":9,"timestamp":"2026-11-21T12:34:56.789Z","body":"x"}')).toBeUndefined();
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    '{"timestamp":1}',
    '{"timestamp":"soon","severityNumber":1}',
    '{"severityNumber":1}',
  ])("%j is none", (line) => {
    expect(parseStoredLine(line)).toBeUndefined();
  });
});
