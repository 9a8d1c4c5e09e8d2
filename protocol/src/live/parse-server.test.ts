import { expect, test } from "vitest";
import { parseServerMessage } from "./parse-server.ts";

const helloAck = { sessionId: "s", streamName: "node:x", lastSequence: 0, window: 32, maxMessageBytes: 1024 };

function envelope(type: string, payload: unknown): string {
  return JSON.stringify({
    protocol: "devmux-telemetry",
    version: 1,
    type,
    payload,
    meta: { clientId: "c", timestamp: 1 },
  });
}

test.each<[string, unknown]>([
  ["hello-ack", helloAck],
  ["ack", { sequence: 4, rejected: 1, message: "m" }],
  ["error", { code: "DEVMUX_BUSY", error: "e", retryAfterMs: 100, sequence: 4 }],
  ["error", { code: "DEVMUX_OF_A_LATER_VERSION", error: "e" }],
])("takes %s %j", (type, payload) => {
  const text = envelope(type, payload);
  expect(parseServerMessage(text)).toEqual({ ok: true, message: JSON.parse(text) });
});

test.each<[string, string]>([
  ["{", 'message: expected JSON, got "{"'],
  [envelope("log", {}), 'type: expected "hello-ack", "ack" or "error"'],
  [envelope("ack", {}), "payload.sequence: expected an integer from 0, got nothing"],
  [envelope("ack", { sequence: "4" }), 'payload.sequence: expected an integer from 0, got "4"'],
  [envelope("hello-ack", { ...helloAck, window: -1 }), "payload.window: expected an integer from 0, got -1"],
  [envelope("error", { code: 5, error: "e" }), "payload.code: expected a string, got 5"],
  [
    envelope("error", { code: "C", error: "e", retryAfterMs: "1s" }),
    'payload.retryAfterMs: expected an integer from 0, got "1s"',
  ],
])("refuses %s", (text, error) => {
  expect(parseServerMessage(text)).toMatchObject({ ok: false, error: { error } });
});

test("100 MB of garbage is not parsed", () => {
  expect(parseServerMessage("x".repeat(100_000_000))).toMatchObject({ ok: false, error: { code: "DEVMUX_TOO_LARGE" } });
});
