// Counts what passes, by condition and attribute, and gives the counts as metrics.

import type { AnyMap, AnyValue, LogRecord, Logs, Resource } from "@chriscode/devmux-telemetry-protocol";
import { accepted, type Batch, type Connector, type Outputs, rejected, type Settings } from "../../component/index.ts";
import { createFailures } from "../../expression/index.ts";
import { emptyMap } from "../../expression/values.ts";
import { createMatching } from "../../processors/matching.ts";
import { wait } from "../../processors/wait.ts";
import type { CountConfig, CountedMetric } from "./config.ts";
import { metricsOf } from "./metrics.ts";
import { createCounts } from "./series.ts";

/** Before what could not be handed on is tried again, where downstream does not say when. */
const retryMs = 250;

export function createCount(settings: Settings, config: CountConfig, outputs: Outputs): Connector {
  const { metrics } = outputs;
  const { intervalMs } = config;
  const counts = createCounts(config.maxSeries);
  const failures = createFailures(settings, config.errorMode);
  const logMetrics = config.logs.map((metric) => ({ metric, matches: createMatching(metric.conditions, failures) }));
  const descriptions = new Map(
    [...config.logs, ...config.spans, ...config.dataPoints].map(({ name, description }) => [name, description]),
  );
  let since = Date.now();
  let timer: NodeJS.Timeout | undefined;
  let ending = false;

  function countRecords(logs: Logs): void {
    for (const record of logs.records()) {
      for (const { metric, matches } of logMetrics) {
        const attributes = matches(record) ? attributesOf(metric, record) : undefined;
        if (attributes !== undefined) counts.add(metric.name, attributes, record.resource, 1);
      }
    }
  }

  /** Spans and data points are not looked into: all of a resource count as one. */
  function countItems(batch: Exclude<Batch, Logs>): void {
    const ofSignal = batch.signal === "traces" ? config.spans : config.dataPoints;
    const resources = new Map<string, Resource>();
    const keyOf = (resource: Resource) => {
      const key = String(resources.size);
      resources.set(key, resource);
      return key;
    };
    for (const [key, part] of batch.groupByResource(keyOf)) {
      for (const { name } of ofSignal) counts.add(name, emptyMap(), resources.get(key)!, part.itemCount);
    }
  }

  function schedule(ms: number): void {
    if (timer !== undefined || ending || counts.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      void handOver().then((again) => schedule(Math.max(again ?? 0, intervalMs)));
    }, ms);
    timer.unref();
  }

  /** Gives how long to wait where it was turned back; what was is counted to the next interval. */
  async function handOver(): Promise<number | undefined> {
    const series = counts.take();
    if (series.length === 0) return undefined;
    const period = { fromMs: since, toMs: Date.now() };
    const batch = metricsOf(series, period, (name) => descriptions.get(name) ?? "");
    const verdict = await metrics!.consume(batch);
    if (verdict.kind === "retryable") {
      counts.putBack(series);
      return verdict.retryAfterMs ?? retryMs;
    }
    since = period.toMs;
    const refused = verdict.kind === "rejected" ? batch.itemCount : (verdict.refused ?? 0);
    settings.count("records_made", batch.itemCount - refused);
    if (refused > 0) settings.log.warn(`${refused} counts were refused: ${verdict.reason ?? "no reason given"}`);
    return undefined;
  }

  return {
    async consume(batch) {
      if (metrics === undefined) return rejected("no pipeline of metrics names the connector as a receiver");
      if (counts.size === 0) since = Date.now();
      if (batch.signal === "logs") countRecords(batch);
      else countItems(batch);
      settings.count("records_consumed", batch.itemCount);
      schedule(intervalMs);
      return accepted;
    },
    async shutdown(signal) {
      ending = true;
      clearTimeout(timer);
      for (let again = await handOver(); again !== undefined && !signal.aborted; again = await handOver())
        await wait(again, signal);
    },
  };
}

/** undefined where the record lacks one that has no default. */
function attributesOf({ attributes }: CountedMetric, record: LogRecord): AnyMap | undefined {
  const found: { [key: string]: AnyValue } = emptyMap();
  for (const { key, defaultValue } of attributes) {
    const value = record.attribute(key) ?? defaultValue;
    if (value === undefined) return undefined;
    found[key] = value;
  }
  return found;
}
