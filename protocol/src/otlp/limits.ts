// What one batch may hold. Each bound guards memory or the stack against a few hostile bytes, each default has its reason.

export interface Limits {
  /** Bytes of one request, uncompressed. */
  readonly maxBytes: number;
  /** Log records, spans or metrics of one request. */
  readonly maxRecords: number;
  /** Attributes and nested values of one record, resource or scope, counted together. */
  readonly maxValues: number;
  /** Arrays and maps inside each other in one value. */
  readonly maxDepth: number;
}

/** Resources and scopes that a request may hold for each item that it may: all of them with a resource and a scope of its own. */
export const groupsPerItem = 2;

export const defaultLimits: Limits = Object.freeze({
  /** What the OTLP specification (1.11) recommends as the limit of a request body. */
  maxBytes: 64 * 1024 * 1024,
  /**
   * 64 MiB of 64-byte records. The index takes 24 bytes for each: 24 MiB at most. Without it 64 MiB of empty records, two
   * bytes each, would index to 800 MB.
   */
  maxRecords: 1_048_576,
  /** 128 times the OTel SDKs' limit of attributes. Two bytes on the wire can become an object of fifty when they are read. */
  maxValues: 16_384,
  /**
   * A level takes up to three protobuf messages, and most protobuf decoders refuse more than 100: a deeper record would make
   * the backend that it is forwarded to refuse all the records that are with it.
   */
  maxDepth: 30,
});

export function withDefaults(limits: Partial<Limits> | undefined): Limits {
  return limits === undefined ? defaultLimits : { ...defaultLimits, ...limits };
}
