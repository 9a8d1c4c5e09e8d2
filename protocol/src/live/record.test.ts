import { expect, test } from "vitest";
import { logPayloadToRecord } from "./record.ts";
import { helloToResource, streamOfHello } from "./resource.ts";

const base = { timestamp: 1767225600123, severityNumber: 9, severityText: "log" };

test("a plain message keeps its body and attributes as they are", () => {
  const attributes = { route: "/cart", list: [1, null, { a: true }] };
  const record = logPayloadToRecord({ ...base, body: { deep: [1, "x", null] }, attributes });
  expect(record).toEqual({
    timeMs: 1767225600123,
    severityNumber: 9,
    severityText: "log",
    body: { deep: [1, "x", null] },
    attributes,
  });
  expect(record.attributes).toBe(attributes);
});

test.each([[undefined], [null], [0], [false], [""]])("body %s", (body) => {
  expect(logPayloadToRecord({ ...base, body }).body).toBe(body ?? null);
});

test("source and exception become the semantic conventions' attributes, and win", () => {
  const record = logPayloadToRecord({
    ...base,
    body: "b",
    attributes: { "exception.type": "mine", other: 1 },
    source: { file: "a.ts", line: 4, column: 0 },
    exception: { type: "TypeError", message: "m", stacktrace: "s", isUnhandled: true },
  });
  expect(record.eventName).toBe("exception");
  expect(record.attributes).toEqual({
    other: 1,
    "code.file.path": "a.ts",
    "code.line.number": 4,
    "code.column.number": 0,
    "exception.type": "TypeError",
    "exception.message": "m",
    "exception.stacktrace": "s",
    "devmux.exception.unhandled": true,
  });
});

test("an error that somebody caught is no event", () => {
  const record = logPayloadToRecord({ ...base, body: "b", exception: { type: "E", message: "m" } });
  expect(record).not.toHaveProperty("eventName");
  expect(record.attributes).toEqual({ "exception.type": "E", "exception.message": "m" });
});

test("a key named __proto__ is only a key", () => {
  const payload = JSON.parse(
    '{"timestamp":1,"severityNumber":9,"severityText":"log","source":{"file":"f"},"attributes":{"__proto__":{"a":1}}}',
  );
  const attributes = logPayloadToRecord(payload).attributes;
  expect(Object.keys(attributes ?? {})).toEqual(["__proto__", "code.file.path"]);
  expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
});

test("parts of a millisecond are kept", () => {
  expect(logPayloadToRecord({ ...base, timestamp: 1767225600123.25, body: 1 }).timeUnixNano).toBe(1767225600123250000n);
});

test("a hello becomes a resource", () => {
  const resource = helloToResource({
    resource: {
      "service.name": "mingle",
      "service.version": "2",
      "telemetry.sdk.name": "t",
      nothing: null,
      list: [1, 2],
    },
    platform: { kind: "expo", os: "ios", url: "u", userAgent: "ua", bundler: "metro" },
  });
  expect({ ...resource }).toEqual({
    "service.name": "mingle",
    "service.version": "2",
    "telemetry.sdk.name": "t",
    list: [1, 2],
    "devmux.platform": "expo",
    "devmux.platform.os": "ios",
    "os.type": "darwin",
    "os.name": "iOS",
    "url.full": "u",
    "user_agent.original": "ua",
    "devmux.platform.bundler": "metro",
  });
});

test("a hello of the plan's least is enough", () => {
  const hello = { resource: { "service.name": "x" }, platform: { kind: "node" } } as const;
  expect({ ...helloToResource(hello) }).toEqual({ "service.name": "x", "devmux.platform": "node" });
  expect(streamOfHello(hello)).toEqual({ name: "node:x", service: "x", platform: "node" });
});
