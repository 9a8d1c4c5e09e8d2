// A refusal of bytes or text that are no OTLP: what is wrong and where.

export class OtlpError extends Error {
  override readonly name = "OtlpError";
  readonly code: string;
  /** Byte offset in the request, where the wire format is at fault. */
  readonly offset: number | undefined;
  constructor(code: string, message: string, offset?: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
