// What is measured, as data. Names and labels are the OTel Collector's where it has the same thing; what only this collector has
// begins with `devmux_`. The exporter adds `_total` to counters, as Prometheus wants it.

import type { Signal } from "../../component/index.ts";
import type { ComponentStats, Flow, SignalStats } from "../stats.ts";
import type { Measured, MetricsSource } from "./metrics.ts";
import { ofProcess } from "./process.ts";

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

/** A receiver that has got nothing yet has no transport, and its numbers are 0. */
function transportsOf({ stats }: Measured) {
  const known = [...stats.transports].map(([transport, numbers]) => ({ transport, numbers }));
  return known.length > 0 ? known : [{ transport: "", numbers: undefined }];
}

/** One counter for each signal, as the Collector has them. */
function received(action: "accepted" | "refused" | "failed", description: string): readonly Instrument[] {
  return signals.map((signal) => ({
    type: "counter",
    name: `otelcol_receiver_${action}_${items[signal]}`,
    description: description.replace("items", items[signal].replace("_", " ")),
    unit: `{${items[signal]}}`,
    read: (source) =>
      ofKind(source, "receiver").flatMap((each) =>
        transportsOf(each).map(({ transport, numbers }) => ({
          value: numbers?.signals[signal][action] ?? 0,
          labels: { receiver: each.stats.id, transport },
        })),
      ),
  }));
}

function exported(action: string, description: string, field: keyof SignalStats): readonly Instrument[] {
  return signals.map((signal) => ({
    type: "counter",
    name: `otelcol_exporter_${action}_${items[signal]}`,
    description: description.replace("items", items[signal].replace("_", " ")),
    unit: `{${items[signal]}}`,
    read: (source) =>
      ofKind(source, "exporter").map(({ stats }) => ({
        value: stats.signals[signal][field],
        labels: { exporter: stats.id },
      })),
  }));
}

function flow(direction: "incoming" | "outgoing", description: string): Instrument {
  return {
    type: "counter",
    name: `otelcol_processor_${direction}_items`,
    description,
    unit: "{items}",
    read: (source) =>
      flowsOf(source, "processor").map(({ stats, signal, numbers }) => ({
        value: numbers[direction],
        labels: { processor: stats.id, otel_signal: signal },
      })),
  };
}

function flowsOf(source: MetricsSource, kind: ComponentStats["kind"]) {
  return ofKind(source, kind).flatMap(({ stats }) =>
    signals
      .map((signal) => ({ stats, signal, numbers: stats.flow[signal] }))
      .filter(({ numbers }) => numbers.incoming + numbers.outgoing > 0),
  );
}

/** The Collector's newer counters: the same for every kind, with how it ended as a label. */
function ended(kind: ComponentStats["kind"], way: "incoming" | "outgoing", description: string): Instrument {
  const read = ({ numbers }: { readonly numbers: Flow }) => {
    const [refused, failure] = [numbers[`${way}Refused`], numbers[`${way}Failed`]];
    return { success: numbers[way] - refused - failure, refused, failure };
  };
  return {
    type: "counter",
    name: `otelcol_${kind}_${way === "incoming" ? "consumed" : "produced"}_items`,
    description,
    unit: "{items}",
    read: (source) =>
      flowsOf(source, kind).flatMap((each) =>
        Object.entries(read(each)).map(([outcome, value]) => ({
          value,
          labels: { [kind]: each.stats.id, otel_signal: each.signal, outcome },
        })),
      ),
  };
}

function ofQueue(name: string, description: string, unit: string, read: (each: Measured) => number): Instrument {
  return {
    type: "gauge",
    name,
    description,
    unit,
    read: (source) =>
      ofKind(source, "exporter").map((each) => ({ value: read(each), labels: { exporter: each.stats.id } })),
  };
}

export const instruments: readonly Instrument[] = [
  ...received("accepted", "items that the pipelines took"),
  ...received("refused", "items that the pipelines turned back, for now or for good"),
  ...received("failed", "items that were lost by a fault of the collector's own"),
  {
    type: "counter",
    name: "otelcol_receiver_requests",
    description: "batches that came in, by how they ended",
    unit: "{requests}",
    read: (source) =>
      ofKind(source, "receiver").flatMap((each) =>
        transportsOf(each).flatMap(({ transport, numbers }) =>
          Object.entries(numbers?.requests ?? { success: 0 }).map(([outcome, value]) => ({
            value,
            labels: { receiver: each.stats.id, transport, outcome },
          })),
        ),
      ),
  },
  {
    type: "counter",
    name: "otelcol_receiver_produced_items",
    description: "items that the receiver handed to its pipelines",
    unit: "{items}",
    read: (source) =>
      ofKind(source, "receiver").flatMap(({ stats }) =>
        [...stats.transports.values()].length === 0 ? [] : signals.flatMap((signal) => producedBy(stats, signal)),
      ),
  },
  flow("incoming", "items handed to the processor"),
  flow("outgoing", "items that the processor handed on"),
  ended("processor", "incoming", "items handed to the processor, by what it answered"),
  ended("processor", "outgoing", "items that the processor handed on, by what came of them"),
  ended("connector", "incoming", "items handed to the connector, by what it answered"),
  ended("connector", "outgoing", "items that the connector handed on, by what came of them"),
  ended("exporter", "incoming", "items handed to the exporter's queue, by what it answered"),
  ...exported("sent", "items that the destination took", "sent"),
  ...exported("send_failed", "items that were given up", "sendFailed"),
  ...exported("enqueue_failed", "items that the queue turned back", "refused"),
  ofQueue(
    "otelcol_exporter_queue_size",
    "what waits for the exporter or is under way, in bytes of OTLP",
    "By",
    ({ queue }) => queue?.bytes ?? 0,
  ),
  ofQueue(
    "otelcol_exporter_queue_capacity",
    "the bound of the queue, in bytes of OTLP",
    "By",
    ({ queue }) => queue?.capacityBytes ?? 0,
  ),
  ofQueue(
    "otelcol_exporter_in_flight_requests",
    "calls of the exporter that are under way",
    "{requests}",
    ({ stats }) => stats.inFlight,
  ),
  ofQueue(
    "devmux_exporter_queue_items",
    "records, spans and data points that wait for the exporter or are under way",
    "{items}",
    ({ queue }) => queue?.items ?? 0,
  ),
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
  ...ofProcess,
];

function producedBy(stats: ComponentStats, signal: Signal): Measurement[] {
  const sums = { success: 0, refused: 0, failure: 0 };
  for (const { signals: bySignal } of stats.transports.values()) {
    sums.success += bySignal[signal].accepted;
    sums.refused += bySignal[signal].refused;
    sums.failure += bySignal[signal].failed;
  }
  return Object.entries(sums).map(([outcome, value]) => ({
    value,
    labels: { receiver: stats.id, otel_signal: signal, outcome },
  }));
}
