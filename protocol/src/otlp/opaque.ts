// Traces and metrics: carried and counted, never decoded.

export class OpaqueBatch {
  declare readonly signal: "traces" | "metrics";
  /** Spans, or data points. */
  declare readonly itemCount: number;
  declare readonly byteLength: number;
  static fromProtobuf(_signal: "traces" | "metrics", _bytes: Uint8Array): OpaqueBatch {
    throw new Error("being built");
  }
  encode(): Uint8Array {
    throw new Error("being built");
  }
}
