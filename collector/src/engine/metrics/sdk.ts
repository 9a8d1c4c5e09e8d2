// The instruments of `table.ts` on a MeterProvider of the official SDK, read by its Prometheus exporter.

import type { Meter, ObservableResult } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { exporterHistograms, processorDuration } from "./histograms.ts";
import type { Metrics, MetricsSource } from "./metrics.ts";
import { measureOwn } from "./own.ts";
import { type Instrument, instruments } from "./table.ts";

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
  const stopWatching = watch(source, meter);
  const own = measureOwn(meter, source);
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    async text() {
      own.refresh();
      const { resourceMetrics, errors } = await reader.collect();
      if (errors.length > 0) throw new Error(`the metrics could not be read: ${String(errors[0])}`);
      return serializer.serialize(resourceMetrics);
    },
    async shutdown() {
      stopWatching();
      own.stop();
      await provider.shutdown();
    },
  };
}

function observe(instrument: Instrument, source: MetricsSource, result: ObservableResult): void {
  for (const { value, labels } of instrument.read(source)) result.observe(value, known(labels));
}

/** In Prometheus an empty label is none. */
function known(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ""));
}

/** Histograms need each single value, so they begin with the first scrape. */
function watch({ probes }: MetricsSource, meter: Meter): () => void {
  const histogram = ({ name, description, unit, boundaries }: typeof processorDuration) =>
    meter.createHistogram(name, { description, unit, advice: { explicitBucketBoundaries: [...boundaries] } });
  const calls = exporterHistograms.map((each) => ({ read: each.read, histogram: histogram(each) }));
  const passing = histogram(processorDuration);
  const onExported: Member<typeof probes.exported> = ({ id }, batch, _verdict, durationMs) => {
    const labels = { exporter: id, otel_signal: batch.signal };
    for (const call of calls) call.histogram.record(call.read(batch, durationMs), labels);
  };
  const onProcessed: Member<typeof probes.processed> = ({ id }, batch, durationMs) =>
    passing.record(durationMs / 1_000, { processor: id, otel_signal: batch.signal });
  probes.exported.add(onExported);
  probes.processed.add(onProcessed);
  return () => {
    probes.exported.delete(onExported);
    probes.processed.delete(onProcessed);
  };
}

type Member<S> = S extends Set<infer T> ? T : never;
