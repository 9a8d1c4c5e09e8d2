// What is said in a stream of the records that it lost: one record, the same event that a client tells of its own full buffer.

import {
  ATTR_DEVMUX_DROPPED_COUNT,
  ATTR_DEVMUX_DROPPED_FROM_MS,
  ATTR_DEVMUX_DROPPED_TO_MS,
  EVENT_DEVMUX_DROPPED,
  type Logs,
  LogsBuilder,
  SEVERITY_WARN,
} from "@chriscode/devmux-telemetry-protocol";
import type { Loss } from "./buckets.ts";

export function reportOf({ count, fromMs, toMs, resource }: Loss, perSecond: number): Logs {
  const builder = new LogsBuilder(resource, { name: "devmux.rate_limit" });
  builder.add({
    timeMs: toMs,
    observedTimeMs: toMs,
    severityNumber: SEVERITY_WARN,
    severityText: "warn",
    eventName: EVENT_DEVMUX_DROPPED,
    body: `${count} log records of ${(toMs - fromMs) / 1_000} s dropped: more than ${perSecond} a second in this stream`,
    attributes: {
      [ATTR_DEVMUX_DROPPED_COUNT]: count,
      [ATTR_DEVMUX_DROPPED_FROM_MS]: fromMs,
      [ATTR_DEVMUX_DROPPED_TO_MS]: toMs,
    },
  });
  return builder.build();
}
