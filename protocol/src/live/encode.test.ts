import { expect, test } from "vitest";
import { encodeExport, encodeMessage } from "./encode.ts";
import { parseClientMessage } from "./parse-client.ts";
import { parseServerMessage } from "./parse-server.ts";
import { readServerMessage } from "./read-server.ts";

const meta = { clientId: 'c"', sessionId: "s", timestamp: 1 };

test("what is encoded is parsed as the same message", () => {
  const goodbye = { protocol: "devmux-telemetry", version: 1, type: "goodbye", payload: { reason: 'a "quote"' }, meta };
  const message = parseClientMessage(encodeMessage("goodbye", { reason: 'a "quote"' }, meta));
  expect(message).toEqual({ ok: true, message: goodbye });
  const exported = parseClientMessage(encodeExport(7, '{"resourceLogs":[]}', meta));
  expect(exported).toMatchObject({
    ok: true,
    message: { type: "export", payload: { sequence: 7, request: { resourceLogs: [] } } },
  });
  const ack = encodeMessage("ack", { sequence: 3 }, meta);
  expect(parseServerMessage(ack)).toMatchObject({ ok: true, message: { type: "ack", payload: { sequence: 3 } } });
  expect(readServerMessage(ack)).toEqual(JSON.parse(ack));
});

test.each<[string, unknown]>([
  ["no text", new Uint8Array(4)],
  ["no JSON", "{"],
  ["null", "null"],
  ["a number", "5"],
  ["another protocol", '{"protocol":"x","version":1,"payload":{}}'],
  ["another version", '{"protocol":"devmux-telemetry","version":2,"payload":{}}'],
  ["no payload", '{"protocol":"devmux-telemetry","version":1,"type":"ack"}'],
  ["a payload that is null", '{"protocol":"devmux-telemetry","version":1,"type":"ack","payload":null}'],
  ["100 MB", `"${"x".repeat(100_000_000)}"`],
])("readServerMessage gives nothing for %s", (_, data) => {
  expect(readServerMessage(data)).toBeUndefined();
});
