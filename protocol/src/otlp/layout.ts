// Where everything is in a batch: rows of numbers that point into bytes. The three signals have the same three levels
// (resource, scope, item), so all of them use it. Derived batches get new rows and share the bytes.

/** Row of `resources`: buffer, start and end of the ResourceLogs (…Spans, …Metrics) message. */
export const resourceRow = 3;
/** Row of `scopes`: buffer, start and end of the ScopeLogs (…) message, row of its resource. */
export const scopeRow = 4;
/** Row of `items`: start and end of the LogRecord (Span, Metric), row of its scope, `meta`, and two words of the signal. */
export const itemRow = 6;

export const itemStart = 0;
export const itemEnd = 1;
export const itemScope = 2;
/** Bits 0 to 4 severity, bit 5 set where there is an observed time, from bit 8 on the buffer. */
export const itemMeta = 3;
/** Logs: low half of the time in nanoseconds. Traces, metrics: how much the item counts (1, or its data points). */
export const itemLow = 4;
/** Logs: high half of the time. */
export const itemHigh = 5;

export const severityMask = 31;
export const hasObservedTime = 32;
export const bufferShift = 8;

/**
 * A resource's or scope's message may hold items that are not of this batch: its envelope is all of it but the repeated
 * field of its children (field 2 in every signal). Items are in order, those of one scope together.
 */
export interface Layout {
  readonly buffers: readonly Uint8Array[];
  readonly resources: Uint32Array;
  readonly scopes: Uint32Array;
  readonly items: Uint32Array;
}

export const emptyLayout: Layout = Object.freeze({
  buffers: [],
  resources: new Uint32Array(0),
  scopes: new Uint32Array(0),
  items: new Uint32Array(0),
});

export function itemCountOf(layout: Layout): number {
  return layout.items.length / itemRow;
}

/** Rows that grow while they are written. */
export class Rows {
  data: Uint32Array;
  /** Words in use. */
  length = 0;

  constructor(capacity: number) {
    this.data = new Uint32Array(capacity);
  }

  /** Room for one more row; where it begins. */
  add(width: number): number {
    const at = this.length;
    if (at + width > this.data.length) {
      const grown = new Uint32Array(Math.max(this.data.length * 2, at + width));
      grown.set(this.data);
      this.data = grown;
    }
    this.length = at + width;
    return at;
  }

  done(): Uint32Array {
    return this.data.slice(0, this.length);
  }
}
