// OTLP/JSON as text, bytes or parsed, to the protobuf bytes of the same request.

import { OtlpError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Levels } from "../schema/signals.ts";
import { strictText } from "../wire/utf8.ts";
import { Fault } from "./fault.ts";
import { type Transcoded, transcode } from "./read.ts";

/** Room for the result of a request that came parsed. */
const usualSize = 16_384;

export function transcodeJson(json: string | Uint8Array | object, levels: Levels, limits: Limits): Transcoded {
  if (typeof json !== "string" && !(json instanceof Uint8Array))
    return reading(() => transcode(json, levels, limits, usualSize));
  if (json.length > limits.maxBytes) {
    throw new OtlpError(
      "DEVMUX_OTLP_TOO_LARGE",
      `expected a request of at most ${limits.maxBytes} bytes, got ${json.length}`,
    );
  }
  const text = typeof json === "string" ? json : textOf(json);
  // Protobuf takes 0.4 to 0.6 of the space of the same in JSON.
  const size = Math.ceil(text.length / 2) + 64;
  const first = reading(() => transcode(parse(text), levels, limits, size));
  return first.inexact ? reading(() => transcode(parse(text, exactIntegers), levels, limits, size)) : first;
}

function reading(transcoded: () => Transcoded): Transcoded {
  try {
    return transcoded();
  } catch (fault) {
    if (fault instanceof Fault) throw new OtlpError("DEVMUX_OTLP_JSON_SHAPE", fault.toString());
    throw fault;
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return strictText(bytes);
  } catch {
    throw new OtlpError("DEVMUX_OTLP_JSON_SYNTAX", "expected JSON in UTF-8, got bytes that are no UTF-8");
  }
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

function parse(text: string, reviver?: Reviver): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    throw new OtlpError(
      "DEVMUX_OTLP_JSON_SYNTAX",
      `expected JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * Makes a bigint of an integer that a number would round. The third argument, with the source text, is in V8, and in all
 * browsers since 2025; where it is absent the number stays as it is. Costs several times the parsing, so only those
 * requests pay for it that hold such a number.
 */
const exactIntegers = ((_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}) as Reviver;
