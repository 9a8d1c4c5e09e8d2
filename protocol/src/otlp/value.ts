// Attribute values and bodies as JavaScript sees them.

/**
 * Any OTLP value. `null` is the empty value. An int64 reads as a number where it is exact (up to 2^53 - 1), else as a bigint;
 * written, a bigint or a safe integer becomes int64, any other number double, and a bigint that no int64 holds its decimal
 * text. Maps inherit nothing, so any key is just a key.
 */
export type AnyValue = null | string | boolean | number | bigint | Uint8Array | readonly AnyValue[] | AnyMap;

export interface AnyMap {
  readonly [key: string]: AnyValue;
}
