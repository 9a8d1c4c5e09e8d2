// Drops the records that a condition matches, and counts them under that condition.

import type { LogRecord } from "@chriscode/devmux-telemetry-protocol";
import type { Consumer, Processor, Settings } from "../../component/index.ts";
import { createFailures } from "../../expression/index.ts";
import { handOn } from "../hand-on.ts";
import type { FilterConfig } from "./config.ts";

export function createFilter(settings: Settings, config: FilterConfig, next: Consumer): Processor {
  const { rules } = config;
  const failures = createFailures(settings, config.errorMode);

  /** Index of the rule that drops it, `rules.length` where none does, -1 where one fails and that refuses the record. */
  function ruleFor(record: LogRecord): number {
    for (let index = 0; index < rules.length; index++) {
      const { condition } = rules[index]!;
      try {
        if (condition.matches(record)) return index;
      } catch (error) {
        failures.note(condition.source, error);
        if (failures.refuse) return -1;
      }
    }
    return rules.length;
  }

  return {
    async consume(batch) {
      if (batch.signal !== "logs" || rules.length === 0) return next.consume(batch);
      const counts = new Array<number>(rules.length).fill(0);
      let refused = 0;
      const kept = batch.select((record) => {
        const rule = ruleFor(record);
        if (rule < 0) refused++;
        else if (rule < rules.length) counts[rule]!++;
        return rule === rules.length;
      });
      const count = () => {
        for (let index = 0; index < rules.length; index++) settings.dropped(counts[index]!, rules[index]!.name, true);
      };
      return handOn(next, kept, count, {
        count: refused,
        reason: "a condition of the filter cannot be applied to them",
      });
    },
  };
}
