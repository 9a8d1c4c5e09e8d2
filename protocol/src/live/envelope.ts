// What every message has in common: JSON, an object, the protocol, its version, a type, a payload and meta.

import type { Fault, Fields } from "./check.ts";
import { describe, isFields, optionalString, wrong } from "./check.ts";
import { errorCodes } from "./errors.ts";
import { protocolName, protocolVersion } from "./messages.ts";

export type Parsed<Message> =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly error: Fault };

/** Unix milliseconds whose nanoseconds still fit OTLP's unsigned 64 bits (the year 2554). */
export const maxTimestampMs = 18_446_744_073_709;

/** The parsed text, or why it is none. A value that is no string is taken as parsed already. */
export function readJson(input: unknown, maxTextLength: number): { readonly value: unknown } | Fault {
  if (typeof input !== "string") return { value: input };
  if (input.length > maxTextLength) {
    return {
      code: errorCodes.tooLarge,
      error: `message: expected at most ${maxTextLength} characters, got ${input.length}; send less at once`,
    };
  }
  try {
    return { value: JSON.parse(input) };
  } catch {
    return { code: errorCodes.badJson, error: `message: expected JSON, got ${describe(input)}` };
  }
}

export function checkEnvelope(message: unknown): Fault | undefined {
  if (!isFields(message)) return wrong("message", "an object", message);
  if (message.protocol !== protocolName) {
    return {
      code: errorCodes.unknownProtocol,
      error: `protocol: expected "${protocolName}", got ${describe(message.protocol)}`,
    };
  }
  if (message.version !== protocolVersion) {
    return {
      code: errorCodes.unknownVersion,
      error: `version: expected ${protocolVersion}, got ${describe(message.version)}`,
    };
  }
  if (!isFields(message.payload)) return wrong("payload", "an object", message.payload);
  return isFields(message.meta) ? undefined : wrong("meta", "an object", message.meta);
}

export function checkMeta(meta: Fields, maxClientIdLength: number): Fault | undefined {
  const { clientId, timestamp } = meta;
  if (typeof clientId !== "string" || clientId === "") return wrong("meta.clientId", "a non-empty string", clientId);
  if (clientId.length > maxClientIdLength) {
    return wrong("meta.clientId", `at most ${maxClientIdLength} characters`, clientId);
  }
  if (!isTimestamp(timestamp)) return wrong("meta.timestamp", "Unix milliseconds", timestamp);
  return optionalString("meta.sessionId", meta.sessionId);
}

export function isTimestamp(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= maxTimestampMs;
}
