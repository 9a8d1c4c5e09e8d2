// What a message may be at most. Each bound says what it guards; the collector may set its own in their place.

export interface MessageLimits {
  /** UTF-16 units of a text frame. */
  readonly maxTextLength: number;
  /** Bytes of a binary frame. */
  readonly maxBinaryBytes: number;
  /** Levels of arrays and objects in a body, an attribute or a resource attribute. */
  readonly maxDepth: number;
  readonly maxClientIdLength: number;
  /** Attributes of a record, and of a hello's resource. */
  readonly maxAttributes: number;
}

export const defaultLimits: MessageLimits = {
  // 1 MiB holds 64 records of 16 KiB; past it one message would hold up every other client on the collector's thread.
  maxTextLength: 1_048_576,
  maxBinaryBytes: 1_048_576,
  // Common protobuf readers stop at 100 nested messages. A record's body is the fifth, and each level of it three more.
  maxDepth: 30,
  // A UUID is 36; the id is kept for each client and written into records.
  maxClientIdLength: 128,
  // OTel's own default (attributeCountLimit).
  maxAttributes: 128,
};
