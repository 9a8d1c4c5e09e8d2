// The instruments of `table.ts` on a MeterProvider of the official SDK, read by its Prometheus exporter.

import type { Histogram, ObservableResult } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { Metrics, MetricsSource } from "./metrics.ts";
import { histograms, type Instrument, instruments } from "./table.ts";

/** Not registered globally: a program that embeds the collector has metrics of its own. */
export function startSdk(source: MetricsSource): Metrics {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter("devmux-telemetry", source.version);
  for (const instrument of instruments) {
    const { name, description, unit } = instrument;
    const observable =
      instrument.type === "counter"
        ? meter.createObservableCounter(name, { description, unit })
        : meter.createObservableGauge(name, { description, unit });
    observable.addCallback((result) => observe(instrument, source, result));
  }
  const stopWatching = watch(
    source,
    histograms.map(({ read, ...rest }) => {
      const { name, description, unit, boundaries } = rest;
      const advice = { explicitBucketBoundaries: [...boundaries] };
      return { read, histogram: meter.createHistogram(name, { description, unit, advice }) };
    }),
  );
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    async text() {
      const { resourceMetrics, errors } = await reader.collect();
      if (errors.length > 0) throw new Error(`the metrics could not be read: ${String(errors[0])}`);
      return serializer.serialize(resourceMetrics);
    },
    async shutdown() {
      stopWatching();
      await provider.shutdown();
    },
  };
}

function observe(instrument: Instrument, source: MetricsSource, result: ObservableResult): void {
  for (const { value, labels } of instrument.read(source)) result.observe(value, labels);
}

/** Histograms need each single value, so they begin with the first scrape. */
function watch(
  { probes }: MetricsSource,
  all: readonly { readonly read: (typeof histograms)[number]["read"]; readonly histogram: Histogram }[],
): () => void {
  const listener: Parameters<typeof probes.exported.add>[0] = ({ id }, batch, _verdict, durationMs) => {
    const labels = { exporter: id, otel_signal: batch.signal };
    for (const { read, histogram } of all) histogram.record(read(batch, durationMs), labels);
  };
  probes.exported.add(listener);
  return () => probes.exported.delete(listener);
}
