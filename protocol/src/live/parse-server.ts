// What the collector sends, checked: a client's side that wants to know what is wrong.

import type { Fault, Fields } from "./check.ts";
import { isCount, optionalCount, optionalString, wrong } from "./check.ts";
import type { Parsed } from "./envelope.ts";
import { checkEnvelope, readJson } from "./envelope.ts";
import { errorCodes } from "./errors.ts";
import type { ServerMessage } from "./messages.ts";
import { maxServerTextLength } from "./read-server.ts";

/** A collector's message from its text, or from what JSON.parse made of it. Never throws. */
export function parseServerMessage(input: unknown): Parsed<ServerMessage> {
  const json = readJson(input, maxServerTextLength);
  if ("code" in json) return { ok: false, error: json };
  const fault = checkEnvelope(json.value) ?? checkServerPayload(json.value as Fields);
  return fault === undefined ? { ok: true, message: json.value as ServerMessage } : { ok: false, error: fault };
}

function checkServerPayload(message: Fields): Fault | undefined {
  const payload = message.payload as Fields;
  switch (message.type) {
    case "hello-ack":
      return required(payload, ["sessionId", "streamName"], ["lastSequence", "window", "maxMessageBytes"]);
    case "ack":
      return (
        required(payload, [], ["sequence"]) ??
        optionalCount("payload.rejected", payload.rejected) ??
        optionalString("payload.message", payload.message)
      );
    case "error":
      return (
        required(payload, ["code", "error"], []) ??
        optionalCount("payload.retryAfterMs", payload.retryAfterMs) ??
        optionalCount("payload.sequence", payload.sequence)
      );
    default:
      return { code: errorCodes.unknownType, error: 'type: expected "hello-ack", "ack" or "error"' };
  }
}

function required(payload: Fields, strings: readonly string[], counts: readonly string[]): Fault | undefined {
  for (const key of strings) {
    if (typeof payload[key] !== "string") return wrong(`payload.${key}`, "a string", payload[key]);
  }
  for (const key of counts)
    if (!isCount(payload[key])) return wrong(`payload.${key}`, "an integer from 0", payload[key]);
  return undefined;
}
