// Attribute values and bodies as JavaScript sees them.

/**
 * Any OTLP value. `null` is the empty value. An int64 reads as a number where it is exact, else as a bigint; written, a
 * bigint or an integer number becomes int64, any other number double. Maps have no prototype, so any key is just a key.
 */
export type AnyValue = null | string | boolean | number | bigint | Uint8Array | readonly AnyValue[] | AnyMap;

export interface AnyMap {
  readonly [key: string]: AnyValue;
}
