// OTLP/JSON as text, bytes or parsed, to the protobuf bytes of the same request.

import { OtlpError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Levels } from "../schema/signals.ts";
import { utf8Of } from "../wire/utf8.ts";
import { Fault } from "./fault.ts";
import { type Transcoded, transcode } from "./read.ts";

/** Throws OtlpError. */
export function transcodeJson(json: string | Uint8Array | object, levels: Levels, limits: Limits): Transcoded {
  const bytes = json instanceof Uint8Array ? json : utf8Of(typeof json === "string" ? json : textOf(json));
  if (bytes.length > limits.maxBytes) {
    const what = `expected a request of at most ${limits.maxBytes} bytes, got ${bytes.length}`;
    throw new OtlpError("DEVMUX_OTLP_TOO_LARGE", what);
  }
  try {
    return transcode(bytes, levels, limits);
  } catch (fault) {
    if (fault instanceof Fault) throw new OtlpError("DEVMUX_OTLP_JSON_SHAPE", fault.toString());
    throw fault;
  }
}

/** Writing a parsed request again and reading that costs less than a second reader for objects would, which must be as right. */
function textOf(json: object): string {
  try {
    return JSON.stringify(json) ?? "null";
  } catch (error) {
    const what = `expected an object that JSON can hold: ${error instanceof Error ? error.message : String(error)}`;
    throw new OtlpError("DEVMUX_OTLP_JSON_SHAPE", what);
  }
}
