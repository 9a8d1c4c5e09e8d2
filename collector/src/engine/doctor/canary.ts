// A record that can be told from every other, in a batch of each signal. It passes like any other and reaches the destinations, so
// it says what it is.

import { randomUUID } from "node:crypto";
import { type Batch, LogsBuilder, opaqueFromJson, type Signal } from "@chriscode/devmux-telemetry-protocol";

export interface Canary {
  readonly batch: Batch;
  /** Whether a batch holds it, whatever else it was joined with or changed to. */
  isIn(batch: Batch): boolean;
}

const service = "devmux-doctor";
const text = "a test by devmux telemetry doctor; nothing is wrong";

export function createCanary(signal: Signal): Canary {
  const marker = `devmux-canary-${randomUUID()}`;
  const needle = Buffer.from(marker);
  return {
    batch: signal === "logs" ? logs(marker) : opaque(signal, marker),
    isIn: (batch) => batch.signal === signal && Buffer.from(batch.encode()).includes(needle),
  };
}

function logs(marker: string): Batch {
  const builder = new LogsBuilder({ "service.name": service }, { name: service });
  const now = Date.now();
  const attributes = { "devmux.canary": marker, "log.record.uid": marker };
  builder.add({ timeMs: now, observedTimeMs: now, severityNumber: 9, severityText: "INFO", body: text, attributes });
  return builder.build();
}

function opaque(signal: "traces" | "metrics", marker: string): Batch {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
  const attributes = [{ key: "devmux.canary", value: { stringValue: marker } }];
  const time = String(BigInt(Date.now()) * 1_000_000n);
  const ids = randomUUID().replaceAll("-", "");
  const span = {
    traceId: ids,
    spanId: ids.slice(0, 16),
    name: text,
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes,
  };
  const metric = { name: "devmux.canary", gauge: { dataPoints: [{ asInt: "1", timeUnixNano: time, attributes }] } };
  const request =
    signal === "traces"
      ? { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }
      : { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] };
  return opaqueFromJson(signal, request).batch;
}
