// Checks a message against its table, whatever order and form its fields have. Slow and complete; log-record.ts accepts the
// usual forms by itself and asks here for all others.

import { faultAt } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { anyValue, arrayValue, keyValue, keyValueList } from "../schema/common.ts";
import { lengthDelimited, type Message } from "../schema/message.ts";
import { Fields } from "../wire/fields.ts";

export class Checker {
  private readonly bytes: Uint8Array;
  private readonly limits: Limits;
  /** Attributes and nested values since `values` was last set to 0. */
  values = 0;

  constructor(bytes: Uint8Array, limits: Limits) {
    this.bytes = bytes;
    this.limits = limits;
  }

  /** `depth`: arrays and maps around it. */
  message(start: number, end: number, message: Message, depth: number): void {
    for (const field = new Fields(this.bytes, start, end); field.next(); ) {
      const known = message.byNumber[field.tag >>> 3];
      if (known === undefined) continue;
      const wireType = field.tag & 7;
      if (wireType !== known.wireType && !(known.repeated && wireType === lengthDelimited)) {
        const what = `expected wire type ${known.wireType} for ${message.name}.${known.name}, got ${wireType}`;
        throw faultAt("DEVMUX_OTLP_WIRE_TYPE", field.from, what);
      }
      if (known.message !== undefined) this.nested(field.start, field.end, message, known.message, depth);
    }
  }

  /** Counts one more attribute or nested value. */
  count(offset: number): void {
    if (++this.values > this.limits.maxValues) {
      const what = `expected at most ${this.limits.maxValues} attributes and nested values, got more`;
      throw faultAt("DEVMUX_OTLP_TOO_MANY_VALUES", offset, what);
    }
  }

  private nested(start: number, end: number, parent: Message, message: Message, depth: number): void {
    if (message === keyValue || (message === anyValue && parent === arrayValue)) this.count(start);
    const isList = message === arrayValue || message === keyValueList;
    if (isList && depth === this.limits.maxDepth) {
      const what = `expected at most ${depth} arrays and maps inside each other, got more`;
      throw faultAt("DEVMUX_OTLP_TOO_DEEP", start, what);
    }
    this.message(start, end, message, isList ? depth + 1 : depth);
  }
}
