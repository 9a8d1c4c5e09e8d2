// The marker that stands where a full buffer lost records.

import {
  ATTR_DEVMUX_DROPPED_COUNT,
  ATTR_DEVMUX_DROPPED_FROM_MS,
  ATTR_DEVMUX_DROPPED_TO_MS,
  EVENT_DEVMUX_DROPPED,
  SEVERITY_WARN,
} from "@chriscode/devmux-telemetry-protocol";
import type { HrTime } from "@opentelemetry/api";
import type { EncodableRecord } from "./encode-record.ts";
import type { Dropped } from "./outbox.ts";

export function droppedRecord({ count, fromMs, toMs }: Dropped): EncodableRecord {
  const hrTime: HrTime = [Math.floor(toMs / 1_000), (toMs % 1_000) * 1e6];
  return {
    hrTime,
    hrTimeObserved: hrTime,
    severityNumber: SEVERITY_WARN,
    severityText: "warn",
    eventName: EVENT_DEVMUX_DROPPED,
    body: `${count} log records of ${(toMs - fromMs) / 1_000} s dropped: no room in the buffer`,
    attributes: {
      [ATTR_DEVMUX_DROPPED_COUNT]: count,
      [ATTR_DEVMUX_DROPPED_FROM_MS]: fromMs,
      [ATTR_DEVMUX_DROPPED_TO_MS]: toMs,
    },
  };
}
