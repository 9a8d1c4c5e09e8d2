// Counts as OTLP metrics: sums of an interval (delta), one data point for each series.

import { type AnyMap, type AnyValue, type OpaqueBatch, opaqueFromJson } from "@chriscode/devmux-telemetry-protocol";
import { isList } from "../../expression/values.ts";
import type { Series } from "./series.ts";

/** AGGREGATION_TEMPORALITY_DELTA. */
const delta = 1;

export interface Period {
  /** Unix milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
}

export function metricsOf(
  series: readonly Series[],
  period: Period,
  descriptionOf: (metric: string) => string,
): OpaqueBatch {
  const resourceMetrics = grouped(series, ({ resourceKey }) => resourceKey).map((ofResource) => ({
    resource: { attributes: pairs(ofResource[0]!.resource) },
    scopeMetrics: [
      {
        scope: { name: "devmux.count" },
        metrics: grouped(ofResource, ({ metric }) => metric).map((ofMetric) => ({
          name: ofMetric[0]!.metric,
          description: descriptionOf(ofMetric[0]!.metric),
          unit: "1",
          sum: {
            aggregationTemporality: delta,
            isMonotonic: true,
            dataPoints: ofMetric.map((one) => point(one, period)),
          },
        })),
      },
    ],
  }));
  return opaqueFromJson("metrics", { resourceMetrics }).batch;
}

function point({ attributes, count }: Series, { fromMs, toMs }: Period): object {
  return {
    attributes: pairs(attributes),
    startTimeUnixNano: nanos(fromMs),
    timeUnixNano: nanos(toMs),
    asInt: String(count),
  };
}

function grouped(series: readonly Series[], keyOf: (one: Series) => string): Series[][] {
  const groups = new Map<string, Series[]>();
  for (const one of series) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function nanos(ms: number): string {
  return String(BigInt(Math.round(ms)) * 1_000_000n);
}

function pairs(map: AnyMap): object[] {
  return Object.keys(map).map((key) => ({ key, value: json(map[key]!) }));
}

/** An AnyValue in OTLP/JSON. */
function json(value: AnyValue): object {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "bigint":
      return { intValue: String(value) };
    case "number":
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    default:
      if (value === null) return {};
      if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
      if (isList(value)) return { arrayValue: { values: value.map(json) } };
      return { kvlistValue: { values: pairs(value as AnyMap) } };
  }
}
