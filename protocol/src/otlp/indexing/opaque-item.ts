// Counts what is in one item of a signal that is only carried: a span is one, a metric as many as its data points.

import { itemHigh, itemLow, itemMeta } from "../layout.ts";
import type { Limits } from "../limits.ts";
import { lengthDelimited } from "../schema/message.ts";
import { metric } from "../schema/metrics.ts";
import { Fields } from "../wire/fields.ts";
import { Checker } from "./check.ts";
import type { ItemIndexer } from "./request.ts";

/** Tag of data_points in each kind of metric. */
const dataPointsTag = 0x0a;

export class SpanIndexer implements ItemIndexer {
  item(_start: number, _end: number, items: Uint32Array, row: number): void {
    items[row + itemMeta] = 0;
    items[row + itemLow] = 1;
    items[row + itemHigh] = 0;
  }
}

export class MetricIndexer implements ItemIndexer {
  private readonly bytes: Uint8Array;
  private readonly checker: Checker;

  constructor(bytes: Uint8Array, limits: Limits) {
    this.bytes = bytes;
    this.checker = new Checker(bytes, limits);
  }

  item(start: number, end: number, items: Uint32Array, row: number): void {
    let points = 0;
    for (const field = new Fields(this.bytes, start, end); field.next(); ) {
      const known = metric.byNumber[field.tag >>> 3];
      if (known?.oneof !== true) continue;
      if ((field.tag & 7) !== lengthDelimited) this.checker.message(field.from, field.end, metric, 0);
      for (const inner = new Fields(this.bytes, field.start, field.end); inner.next(); ) {
        if (inner.tag === dataPointsTag) points++;
      }
    }
    items[row + itemMeta] = 0;
    items[row + itemLow] = points;
    items[row + itemHigh] = 0;
  }
}
