// Lets a share of the records through: always the same ones, and those of one trace together.

import type { LogRecord } from "@chriscode/devmux-telemetry-protocol";
import type { Consumer, Processor, Settings } from "../../component/index.ts";
import { createFailures } from "../../expression/index.ts";
import { toText } from "../../expression/values.ts";
import { handOn } from "../hand-on.ts";
import { createMatching } from "../matching.ts";
import { bucketOf, thresholdOf } from "./buckets.ts";
import type { SamplerConfig } from "./config.ts";

export function createSampler(settings: Settings, config: SamplerConfig, next: Consumer): Processor {
  const { seed, source, fromAttribute, priorityAttribute } = config;
  const matches = createMatching(config.conditions, createFailures(settings, config.errorMode));
  const threshold = thresholdOf(config.percentage);

  /** undefined where the record has nothing to decide by. */
  function chanceOf(record: LogRecord): Uint8Array | undefined {
    const trace = source === "traceID" ? record.traceId : "";
    if (trace !== "") return Buffer.from(trace, "hex");
    const value = record.attribute(fromAttribute);
    if (value instanceof Uint8Array) return value;
    const text = toText(value ?? null);
    return text === null || text === "" ? undefined : Buffer.from(text);
  }

  function thresholdFor(record: LogRecord): number {
    const priority = priorityAttribute === undefined ? undefined : record.attribute(priorityAttribute);
    return typeof priority === "number" && priority >= 0 ? thresholdOf(priority) : threshold;
  }

  function passes(record: LogRecord): boolean {
    if (!matches(record)) return true;
    const own = thresholdFor(record);
    if (own === 0) return false;
    const chance = chanceOf(record);
    return chance === undefined ? !config.failClosed : bucketOf(chance, seed) < own;
  }

  return {
    async consume(batch) {
      if (batch.signal !== "logs") return next.consume(batch);
      const kept = batch.select(passes);
      return handOn(next, kept, () => settings.dropped(batch.itemCount - kept.itemCount, "not_sampled", true));
    },
  };
}
