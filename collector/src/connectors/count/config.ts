// Options of the count connector.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import { z } from "zod";
import { duration } from "../../component/index.ts";
import { type Condition, conditions, type ErrorMode, errorMode } from "../../expression/index.ts";

/** An attribute of records by which they are counted apart. */
export interface CountedAttribute {
  readonly key: string;
  /** For records without it; without a default those are not counted. */
  readonly defaultValue: AnyValue | undefined;
}

export interface CountedMetric {
  readonly name: string;
  readonly description: string;
  readonly conditions: readonly Condition[];
  readonly attributes: readonly CountedAttribute[];
}

export interface CountConfig {
  readonly logs: readonly CountedMetric[];
  readonly spans: readonly CountedMetric[];
  readonly dataPoints: readonly CountedMetric[];
  readonly intervalMs: number;
  readonly maxSeries: number;
  readonly errorMode: ErrorMode;
}

const attribute = z
  .strictObject({ key: z.string().min(1), default_value: z.union([z.string(), z.number(), z.boolean()]).optional() })
  .transform(({ key, default_value }) => ({ key, defaultValue: default_value }));

const described = z.strictObject({ description: z.string().default("") });
const countedRecords = z.strictObject({
  description: z.string().default(""),
  /** One of them must match; none: every record. */
  conditions: conditions(),
  attributes: z.array(attribute).prefault([]),
});

export const countConfig: z.ZodType<CountConfig> = z
  .strictObject({
    /** By metric name, which is the OTel Collector's where nothing is said. */
    logs: z
      .record(z.string().min(1), countedRecords)
      .prefault({ "log.record.count": { description: "The number of log records observed." } }),
    spans: z
      .record(z.string().min(1), described)
      .prefault({ "trace.span.count": { description: "The number of spans observed." } }),
    datapoints: z
      .record(z.string().min(1), described)
      .prefault({ "metric.datapoint.count": { description: "The number of data points observed." } }),
    /** How often counts go on. The OTel Collector sends a metric for each batch, which here would be one for each line. */
    interval: duration("10s").refine((ms) => ms >= 10, "expected at least 10ms"),
    /** Series (a metric with its attributes and resource) at a time; an attribute with endless values would make endless ones. */
    max_series: z.int().positive().max(1_000_000).default(2_000),
    error_mode: errorMode,
  })
  .transform((config) => ({
    logs: metricsOf(config.logs),
    spans: metricsOf(config.spans),
    dataPoints: metricsOf(config.datapoints),
    intervalMs: config.interval,
    maxSeries: config.max_series,
    errorMode: config.error_mode,
  }));

function metricsOf(
  named: Readonly<Record<string, { description: string } & Partial<Pick<CountedMetric, "conditions" | "attributes">>>>,
): CountedMetric[] {
  return Object.entries(named).map(([name, { description, conditions = [], attributes = [] }]) => ({
    name,
    description,
    conditions,
    attributes,
  }));
}
