// A record that is longer than it may be.

import { ATTR_DEVMUX_CONSOLE_ARGUMENTS } from "@chriscode/devmux-telemetry-protocol";
import { cut } from "../values/cut.ts";
import { anyValue } from "./any-value.ts";
import type { EncodableRecord } from "./encode-record.ts";
import { byteLength, encodeRecord } from "./encode-record.ts";

/** Attributes that are kept of it. */
const maxAttributes = 16;
/** UTF-16 units of an attribute's name. */
const maxKeyLength = 256;

/** At most `maxBytes` of UTF-8: of a record that is longer the arguments go, and the ends of its texts. */
export function encodeWithin(record: EncodableRecord, uid: string, maxBytes: number): string {
  let text = encodeRecord(record, uid, anyValue);
  // What is short as text may be long as JSON, and longer as bytes.
  for (let length = maxBytes / 32; length > 8 && 3 * text.length > maxBytes && byteLength(text) > maxBytes; length /= 4)
    text = encodeRecord(shorten(record, length), uid, anyValue);
  return text;
}

function shorten(record: EncodableRecord, length: number): EncodableRecord {
  const short = (value: unknown): unknown => (typeof value === "string" ? cut(value, length) : value);
  const attributes: { [key: string]: unknown } = {};
  for (const key of Object.keys(record.attributes).slice(0, maxAttributes)) {
    if (key !== ATTR_DEVMUX_CONSOLE_ARGUMENTS && typeof record.attributes[key] !== "object")
      attributes[cut(key, maxKeyLength)] = short(record.attributes[key]);
  }
  const { body } = record;
  return Object.create(record, {
    attributes: { value: attributes },
    body: { value: short(typeof body === "object" ? JSON.stringify(anyValue(body)) : body) },
  });
}
