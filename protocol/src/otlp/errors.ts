// Refusals of bytes or text that are no OTLP, or are past a bound: what is wrong and where. The README lists the codes.

export const otlpErrorCodes = {
  DEVMUX_OTLP_TRUNCATED: "The bytes end in the middle of a field.",
  DEVMUX_OTLP_LENGTH: "A length runs past the end of the message that it is in.",
  DEVMUX_OTLP_VARINT: "A varint is longer than 10 bytes, or too large for a tag or a length.",
  DEVMUX_OTLP_TAG: "A tag has field number 0 or a wire type that does not exist.",
  DEVMUX_OTLP_WIRE_TYPE: "A field of the schema has another wire type than the schema gives it.",
  DEVMUX_OTLP_TOO_DEEP: "A value is nested deeper than the limit.",
  DEVMUX_OTLP_TOO_MANY_RECORDS:
    "A request holds more items than the limit, or more resources and scopes than twice that.",
  DEVMUX_OTLP_TOO_MANY_VALUES: "A record, resource or scope holds more attributes and nested values than the limit.",
  DEVMUX_OTLP_TOO_LARGE: "A request is larger than the limit.",
  DEVMUX_OTLP_JSON_SYNTAX: "The text is no JSON, or its bytes are no UTF-8.",
  DEVMUX_OTLP_JSON_SHAPE: "The JSON is no OTLP request.",
} as const;

export type OtlpErrorCode = keyof typeof otlpErrorCodes;

export class OtlpError extends Error {
  override readonly name = "OtlpError";
  readonly code: OtlpErrorCode;
  /** Byte offset in the request, where the wire format is at fault. */
  readonly offset: number | undefined;
  constructor(code: OtlpErrorCode, message: string, offset?: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

export function faultAt(code: OtlpErrorCode, offset: number, what: string): OtlpError {
  return new OtlpError(code, `${what}, at byte ${offset}`, offset);
}
