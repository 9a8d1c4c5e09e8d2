// What is measured, as data. Names and labels are the OTel Collector's where it has the same thing; what only this collector has
// begins with `devmux_`. The exporter adds `_total` to counters, as Prometheus wants it.

import type { Batch, Signal } from "../../component/index.ts";
import type { ComponentStats, SignalStats } from "../stats.ts";
import type { Measured, MetricsSource } from "./metrics.ts";

export interface Measurement {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Instrument {
  readonly type: "counter" | "gauge";
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  read(source: MetricsSource): Iterable<Measurement>;
}

const items: Readonly<Record<Signal, string>> = { logs: "log_records", traces: "spans", metrics: "metric_points" };
const signals = Object.keys(items) as Signal[];

function ofKind({ components }: MetricsSource, kind: ComponentStats["kind"]): readonly Measured[] {
  return components().filter(({ stats }) => stats.kind === kind);
}

/** One counter for each signal, as the Collector has them. */
function perSignal(
  kind: "receiver" | "exporter",
  action: string,
  description: string,
  field: keyof SignalStats,
): readonly Instrument[] {
  return signals.map((signal) => ({
    type: "counter",
    name: `otelcol_${kind}_${action}_${items[signal]}`,
    description: description.replace("items", items[signal].replace("_", " ")),
    unit: `{${items[signal]}}`,
    read: (source) =>
      ofKind(source, kind).map(({ stats }) => ({ value: stats.signals[signal][field], labels: { [kind]: stats.id } })),
  }));
}

function flow(direction: "incoming" | "outgoing", description: string): Instrument {
  return {
    type: "counter",
    name: `otelcol_processor_${direction}_items`,
    description,
    unit: "{items}",
    read: (source) =>
      ofKind(source, "processor").flatMap(({ stats }) =>
        signals
          .filter((signal) => stats.flow[signal].incoming > 0)
          .map((signal) => ({
            value: stats.flow[signal][direction],
            labels: { processor: stats.id, otel_signal: signal },
          })),
      ),
  };
}

function queue(name: string, description: string, field: "bytes" | "capacityBytes"): Instrument {
  return {
    type: "gauge",
    name: `otelcol_exporter_queue_${name}`,
    description,
    unit: "By",
    read: (source) =>
      ofKind(source, "exporter").flatMap((each) =>
        each.queue === undefined ? [] : [{ value: each.queue[field], labels: { exporter: each.stats.id } }],
      ),
  };
}

function ofProcess(
  type: Instrument["type"],
  name: string,
  description: string,
  unit: string,
  read: (source: MetricsSource) => number,
): Instrument {
  return {
    type,
    name: `otelcol_process_${name}`,
    description,
    unit,
    read: (source) => [{ value: read(source), labels: {} }],
  };
}

export const instruments: readonly Instrument[] = [
  ...perSignal("receiver", "accepted", "items that the pipelines took", "accepted"),
  ...perSignal("receiver", "refused", "items that were turned back", "refused"),
  flow("incoming", "items handed to the processor"),
  flow("outgoing", "items that the processor handed on"),
  ...perSignal("exporter", "sent", "items that the destination took", "sent"),
  ...perSignal("exporter", "send_failed", "items that were given up", "sendFailed"),
  ...perSignal("exporter", "enqueue_failed", "items that the queue turned back", "refused"),
  queue("size", "what waits for the exporter or is under way, in bytes of OTLP", "bytes"),
  queue("capacity", "the bound of the queue, in bytes of OTLP", "capacityBytes"),
  {
    type: "gauge",
    name: "devmux_exporter_queue_items",
    description: "records, spans and data points that wait for the exporter or are under way",
    unit: "{items}",
    read: (source) =>
      ofKind(source, "exporter").flatMap(({ stats, queue: waiting }) =>
        waiting === undefined ? [] : [{ value: waiting.items, labels: { exporter: stats.id } }],
      ),
  },
  {
    type: "counter",
    name: "devmux_dropped_items",
    description: "items that vanished in a component, by reason; intended where a rule of the user's said so",
    unit: "{items}",
    read: ({ components }) =>
      components().flatMap(({ stats }) =>
        [...stats.drops].map(([reason, { count, intended }]) => ({
          value: count,
          labels: { kind: stats.kind, component: stats.id, reason, intended: String(intended) },
        })),
      ),
  },
  {
    type: "counter",
    name: "devmux_component_events",
    description: "a component's own counters",
    unit: "{events}",
    read: ({ components }) =>
      components().flatMap(({ stats }) =>
        [...stats.counters].map(([event, value]) => ({
          value,
          labels: { kind: stats.kind, component: stats.id, event },
        })),
      ),
  },
  ofProcess("counter", "uptime", "since the collector started", "s", ({ uptimeMs }) => uptimeMs() / 1_000),
  ofProcess("counter", "cpu_seconds", "user and system time of the process", "s", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }),
  ofProcess("gauge", "memory_rss", "resident memory of the process", "By", () => process.memoryUsage.rss()),
  ofProcess(
    "gauge",
    "runtime_heap_alloc_bytes",
    "used heap of the JavaScript engine",
    "By",
    () => process.memoryUsage().heapUsed,
  ),
  ofProcess(
    "gauge",
    "runtime_total_sys_memory_bytes",
    "heap that the JavaScript engine has reserved",
    "By",
    () => process.memoryUsage().heapTotal,
  ),
];

export interface HistogramInstrument {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly boundaries: readonly number[];
  read(batch: Batch, durationMs: number): number;
}

/** One value for each call of an exporter. */
export const histograms: readonly HistogramInstrument[] = [
  {
    name: "otelcol_exporter_queue_batch_send_size",
    description: "items in one call of the exporter",
    unit: "{items}",
    boundaries: [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000],
    read: ({ itemCount }) => itemCount,
  },
  {
    name: "otelcol_exporter_queue_batch_send_size_bytes",
    description: "bytes of OTLP in one call of the exporter",
    unit: "By",
    boundaries: [100, 1_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000],
    read: ({ byteLength }) => byteLength,
  },
  {
    name: "devmux_exporter_call_duration",
    description: "how long one call of the exporter took",
    unit: "s",
    boundaries: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30],
    read: (_batch, durationMs) => durationMs / 1_000,
  },
];
