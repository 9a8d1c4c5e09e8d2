// What components measure that the OTel Collector's of the same type do too: their factories name it, here it becomes an instrument.
// Which there are may change with each reload, so they are made when they are met.

import type { Histogram, Meter } from "@opentelemetry/api";
import type { AnyFactory, OwnMetric } from "../../component/index.ts";
import type { ComponentStats } from "../stats.ts";
import type { MetricsSource } from "./metrics.ts";

type OwnCounter = OwnMetric & { readonly counter: string };

export interface OwnMetrics {
  /** Before each scrape. */
  refresh(): void;
  stop(): void;
}

export function measureOwn(meter: Meter, source: MetricsSource): OwnMetrics {
  const counters = new Set<string>();
  const histograms = new Map<string, Histogram>();
  const metricsOf = (stats: ComponentStats) =>
    source.components().find((each) => each.stats === stats)?.plan.factory.metrics ?? [];

  const counterOf = ({ metrics = [] }: Pick<AnyFactory, "metrics">, name: string) =>
    metrics.find((each): each is OwnCounter => each.name === name && "counter" in each)?.counter;

  function addCounter({ name, description, unit }: OwnCounter): void {
    counters.add(name);
    meter.createObservableCounter(name, { description, unit }).addCallback((result) => {
      for (const { stats, plan } of source.components()) {
        const counter = counterOf(plan.factory, name);
        if (counter !== undefined) result.observe(stats.counters.get(counter) ?? 0, { [stats.kind]: stats.id });
      }
    });
  }

  function histogramOf({
    name,
    description,
    unit,
    boundaries,
  }: OwnMetric & { readonly boundaries: readonly number[] }) {
    const known = histograms.get(name);
    if (known !== undefined) return known;
    const made = meter.createHistogram(name, {
      description,
      unit,
      advice: { explicitBucketBoundaries: [...boundaries] },
    });
    histograms.set(name, made);
    return made;
  }

  const onMeasured = (stats: ComponentStats, name: string, value: number) => {
    const metric = metricsOf(stats).find((each) => "histogram" in each && each.histogram === name);
    if (metric !== undefined && "boundaries" in metric) histogramOf(metric).record(value, { [stats.kind]: stats.id });
  };
  source.probes.measured.add(onMeasured);
  return {
    refresh() {
      for (const { plan } of source.components())
        for (const metric of plan.factory.metrics ?? [])
          if ("counter" in metric && !counters.has(metric.name)) addCounter(metric);
    },
    stop: () => source.probes.measured.delete(onMeasured),
  };
}
