// What reading a value gives.

/** Plain JSON data. What JSON lacks is a text: `[undefined]`, `[NaN]`, `12n`, `[Function: f]`. */
export type SafeValue = null | string | number | boolean | readonly SafeValue[] | { readonly [key: string]: SafeValue };

export interface Inspected {
  /** In the manner of Node's util.inspect, on one line. */
  readonly text: string;
  readonly value: SafeValue;
}

/** Where the text is all that can be kept. */
export function same(text: string): Inspected {
  return { text, value: text };
}
