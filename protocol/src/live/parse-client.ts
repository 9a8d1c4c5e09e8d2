// What a client sends, checked: the collector's side. Hand-written, because a `log` message has ten microseconds in all.

import type { Fault, Fields } from "./check.ts";
import {
  checkAttributes,
  deep,
  describe,
  isAbsent,
  isDeeper,
  isFields,
  optionalCount,
  optionalString,
  wrong,
} from "./check.ts";
import type { Parsed } from "./envelope.ts";
import { checkEnvelope, checkMeta, isTimestamp, readJson } from "./envelope.ts";
import { errorCodes } from "./errors.ts";
import { maxSequence } from "./frame.ts";
import type { MessageLimits } from "./limits.ts";
import { defaultLimits } from "./limits.ts";
import type { ClientMessage } from "./messages.ts";

/**
 * A client's message from its text, or from what JSON.parse made of it. Never throws. Unknown fields are left in place;
 * `null` counts as absent. What an `export` carries is only seen to be an object: the OTLP reader judges the rest.
 * The error of a broken `export` names its sequence where it has one.
 */
export function parseClientMessage(input: unknown, limits: MessageLimits = defaultLimits): Parsed<ClientMessage> {
  const json = readJson(input, limits.maxTextLength);
  if ("code" in json) return { ok: false, error: json };
  const fault = checkMessage(json.value, limits);
  return fault === undefined ? { ok: true, message: json.value as ClientMessage } : { ok: false, error: fault };
}

function checkMessage(message: unknown, limits: MessageLimits): Fault | undefined {
  const fault = checkEnvelope(message);
  if (fault !== undefined) return fault;
  const { type, payload, meta } = message as { type: unknown; payload: Fields; meta: Fields };
  return checkMeta(meta, limits.maxClientIdLength) ?? checkPayload(type, payload, limits);
}

function checkPayload(type: unknown, payload: Fields, limits: MessageLimits): Fault | undefined {
  switch (type) {
    case "log":
      return checkLog(payload, limits);
    case "export":
      return checkExport(payload);
    case "hello":
      return checkHello(payload, limits);
    case "goodbye":
      return optionalString("payload.reason", payload.reason);
    default:
      return {
        code: errorCodes.unknownType,
        error: `type: expected "hello", "log", "export" or "goodbye", got ${describe(type)}`,
      };
  }
}

function checkLog(payload: Fields, limits: MessageLimits): Fault | undefined {
  const { timestamp, severityNumber, severityText, body, attributes, source, exception } = payload;
  if (!isTimestamp(timestamp)) return wrong("payload.timestamp", "Unix milliseconds", timestamp);
  if (!isSeverity(severityNumber)) return wrong("payload.severityNumber", "an integer from 0 to 24", severityNumber);
  if (typeof severityText !== "string") return wrong("payload.severityText", "a string", severityText);
  if (isDeeper(body, limits.maxDepth)) return deep("payload.body", limits.maxDepth);
  if (!isAbsent(attributes)) {
    if (!isFields(attributes)) return wrong("payload.attributes", "an object", attributes);
    const fault = checkAttributes("payload.attributes", attributes, limits.maxAttributes, limits.maxDepth);
    if (fault !== undefined) return fault;
  }
  return (
    (isAbsent(source) ? undefined : checkSource(source)) ??
    (isAbsent(exception) ? undefined : checkException(exception))
  );
}

function isSeverity(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 24 && Number.isInteger(value);
}

function checkSource(source: unknown): Fault | undefined {
  if (!isFields(source)) return wrong("payload.source", "an object", source);
  return (
    optionalString("payload.source.file", source.file) ??
    optionalCount("payload.source.line", source.line) ??
    optionalCount("payload.source.column", source.column)
  );
}

function checkException(exception: unknown): Fault | undefined {
  if (!isFields(exception)) return wrong("payload.exception", "an object", exception);
  const { type, message, stacktrace, isUnhandled } = exception;
  if (typeof type !== "string") return wrong("payload.exception.type", "a string", type);
  if (typeof message !== "string") return wrong("payload.exception.message", "a string", message);
  if (!isAbsent(isUnhandled) && typeof isUnhandled !== "boolean") {
    return wrong("payload.exception.isUnhandled", "a boolean", isUnhandled);
  }
  return optionalString("payload.exception.stacktrace", stacktrace);
}

function checkExport(payload: Fields): Fault | undefined {
  const { sequence, request } = payload;
  if (typeof sequence !== "number" || !Number.isInteger(sequence) || sequence < 1 || sequence > maxSequence) {
    return wrong("payload.sequence", `an integer from 1 to ${maxSequence}`, sequence);
  }
  if (isFields(request)) return undefined;
  return { ...wrong("payload.request", "an OTLP/JSON ExportLogsServiceRequest", request), sequence };
}

const platformKinds: readonly unknown[] = ["browser", "react-native", "expo", "node"];

function checkHello(payload: Fields, limits: MessageLimits): Fault | undefined {
  const { resource, platform, token } = payload;
  if (!isFields(resource)) return wrong("payload.resource", "an object", resource);
  const service = resource["service.name"];
  if (typeof service !== "string" || service === "") {
    return wrong('payload.resource["service.name"]', "a non-empty string", service);
  }
  if (!isFields(platform)) return wrong("payload.platform", "an object", platform);
  if (!platformKinds.includes(platform.kind)) {
    return wrong("payload.platform.kind", '"browser", "react-native", "expo" or "node"', platform.kind);
  }
  return (
    optionalString('payload.resource["service.version"]', resource["service.version"]) ??
    optionalString("payload.platform.os", platform.os) ??
    optionalString("payload.platform.url", platform.url) ??
    optionalString("payload.platform.userAgent", platform.userAgent) ??
    optionalString("payload.platform.bundler", platform.bundler) ??
    optionalString("payload.token", token) ??
    checkAttributes("payload.resource", resource, limits.maxAttributes, limits.maxDepth)
  );
}
