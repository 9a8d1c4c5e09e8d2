// How records are written once the scribe is there: with values of every kind, within their bounds, and with a marker where
// a full buffer lost some.

import { anyValue } from "./any-value.ts";
import { droppedRecord } from "./dropped-record.ts";
import type { EncodableRecord, ToAnyValue } from "./encode-record.ts";
import type { Dropped } from "./outbox.ts";
import { encodeWithin } from "./shorten.ts";

export interface Writing {
  readonly anyValue: ToAnyValue;
  /** OTLP/JSON of a record. */
  encode(record: EncodableRecord, uid: string): string;
  /** The record that stands where others were. */
  markerOf(dropped: Dropped): EncodableRecord;
}

/** `maxRecordLength`: UTF-8 bytes of a record; of one that is longer the least useful is left out. */
export function createWriting(maxRecordLength: number): Writing {
  return { anyValue, encode: (record, uid) => encodeWithin(record, uid, maxRecordLength), markerOf: droppedRecord };
}
