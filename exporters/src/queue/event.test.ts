import { describe, expect, it } from "vitest";
import { batchOf } from "../../test/records.ts";
import { contentOf, eventId } from "./event.ts";

type Init = Parameters<typeof batchOf>[1][number];

function content(record: Init, stream = "browser:localhost-3000") {
  const [view] = [...batchOf(stream, [record]).records()];
  return contentOf(view!, view!.attributes(), stream);
}

const thrown = {
  "exception.type": "TypeError",
  "exception.message": "x is undefined",
  "exception.stacktrace": "TypeError: x is undefined\n  at f",
};

describe("a record as an event", () => {
  it.each([
    [0, "info"],
    [1, "info"],
    [5, "info"],
    [9, "info"],
    [12, "info"],
    [13, "warning"],
    [16, "warning"],
    [17, "error"],
    [21, "error"],
  ])("severity %i is %s", (severityNumber, severity) => {
    expect(content({ severityNumber, body: "x" }).severity).toBe(severity);
  });

  it.each<[string, Init, string, string]>([
    [
      "a console line",
      { body: "hello", attributes: { "browser.console.method": "log" } },
      "telemetry-console",
      "hello",
    ],
    ["any other log", { body: { a: 1 } }, "telemetry-console", '{"a":1}'],
    [
      "an uncaught error",
      { body: "Uncaught", eventName: "exception", attributes: thrown },
      "telemetry-error",
      "TypeError: x is undefined",
    ],
    [
      "an error of the plan's client",
      { body: "x is undefined", attributes: thrown },
      "telemetry-error",
      "TypeError: x is undefined",
    ],
    [
      "an unhandled rejection",
      {
        body: "",
        eventName: "exception",
        attributes: { ...thrown, "devmux.exception.mechanism": "unhandledrejection" },
      },
      "telemetry-unhandled-rejection",
      "TypeError: x is undefined",
    ],
    [
      "console.error of an error",
      { body: "could not pay: x is undefined", eventName: "browser.console", attributes: thrown },
      "telemetry-console",
      "could not pay: x is undefined",
    ],
    [
      "a printed error without a text",
      { eventName: "browser.console", attributes: thrown },
      "telemetry-console",
      "TypeError: x is undefined",
    ],
  ])("%s", (_, record, pattern, rawContent) => expect(content(record)).toMatchObject({ pattern, rawContent }));

  it("has the stack of the exception, else the caller's", () => {
    expect(content({ body: "x", attributes: thrown }).stack).toBe("TypeError: x is undefined\n  at f");
    expect(content({ body: "x", attributes: { "code.stacktrace": "at g" } }).stack).toBe("at g");
  });

  it("has a hash of what it says, not of when", () => {
    const first = content({ body: "x", timeMs: 1 }).contentHash;
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(content({ body: "x", timeMs: 2 }).contentHash).toBe(first);
    const others = [
      content({ body: "y" }),
      content({ body: "x", severityNumber: 17 }),
      content({ body: "x" }, "node:other"),
    ];
    for (const { contentHash } of others) expect(contentHash).not.toBe(first);
  });

  it("has an id of its own, the same whenever it comes", () => {
    const id = eventId("node:app", "client-1");
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(eventId("node:app", "client-1")).toBe(id);
    expect(eventId("node:app", "client-2")).not.toBe(id);
    expect(eventId("node:other", "client-1")).not.toBe(id);
    expect(eventId("node:app", "")).not.toBe(eventId("node:app", ""));
  });
});
