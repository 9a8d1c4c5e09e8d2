// The counts of an interval: one number for each metric, set of attributes and resource.

import type { AnyMap, Resource } from "@chriscode/devmux-telemetry-protocol";
import { emptyMap, toText } from "../../expression/values.ts";

export interface Series {
  readonly metric: string;
  readonly attributes: AnyMap;
  /** Text that is the same for equal resources. */
  readonly resourceKey: string;
  readonly resource: AnyMap;
  count: number;
}

export interface Counts {
  readonly size: number;
  add(metric: string, attributes: AnyMap, resource: Resource, count: number): void;
  /** All of them; the next interval begins without any. */
  take(): Series[];
  /** For what could not be handed on. */
  putBack(series: readonly Series[]): void;
}

/** As OpenTelemetry's SDKs name the series of what found no room. */
const overflow = "otel.metric.overflow";

export function createCounts(maxSeries: number): Counts {
  const resourceKeys = new WeakMap<Resource, string>();
  let series = new Map<string, Series>();

  function resourceKeyOf(resource: Resource): string {
    let key = resourceKeys.get(resource);
    if (key === undefined) {
      key = toText(resource.attributes()) ?? "";
      resourceKeys.set(resource, key);
    }
    return key;
  }

  function keyOf({ metric, attributes, resourceKey }: Omit<Series, "count" | "resource">): string {
    return `${metric}\0${toText(attributes)}\0${resourceKey}`;
  }

  function count(one: Omit<Series, "count">, by: number): void {
    const key = keyOf(one);
    const known = series.get(key);
    if (known !== undefined) known.count += by;
    else if (series.size < maxSeries) series.set(key, { ...one, count: by });
    else {
      const attributes = Object.assign(emptyMap(), { [overflow]: true });
      const rest = { metric: one.metric, attributes, resourceKey: "", resource: emptyMap() };
      const restKey = keyOf(rest);
      const others = series.get(restKey);
      if (others === undefined) series.set(restKey, { ...rest, count: by });
      else others.count += by;
    }
  }

  return {
    get size() {
      return series.size;
    },
    add: (metric, attributes, resource, by) =>
      count({ metric, attributes, resourceKey: resourceKeyOf(resource), resource: resource.attributes() }, by),
    take() {
      const taken = [...series.values()];
      series = new Map();
      return taken;
    },
    putBack(taken) {
      for (const { count: by, ...one } of taken) count(one, by);
    },
  };
}
