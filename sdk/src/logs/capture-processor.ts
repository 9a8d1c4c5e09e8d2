// The first processor of the pipeline: gives our own captures what does not go through OTel's attribute copy, and
// makes other people's bodies safe to keep.

import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { copyBody } from "../values/copy.ts";
import type { ValueLimits } from "../values/limits.ts";
import type { Capture } from "./records.ts";

/** The capture that is being emitted; OTel emits synchronously. */
export interface Emitting {
  current: Capture | undefined;
}

export function createCaptureProcessor(emitting: Emitting, limits: ValueLimits): LogRecordProcessor {
  return {
    onEmit(record) {
      const { current } = emitting;
      if (current === undefined) record.setBody(copyBody(record.body, limits));
      else Object.assign(record.attributes, current.data);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
