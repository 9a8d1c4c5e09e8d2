// What the scribe takes of an app's options.

import type { RateLimits } from "./logs/rate.ts";
import { defaultRate } from "./logs/rate.ts";
import { readGroup } from "./options.ts";
import type { ValueLimits } from "./values/limits.ts";
import { defaultLimits } from "./values/limits.ts";

export interface ScribeSettings {
  readonly rate: RateLimits;
  readonly limits: ValueLimits;
}

/** As readOptions: any value will do. */
export function readScribeOptions(options: unknown, problems: string[]): ScribeSettings {
  const groups = readGroup(options, { rate: {}, limits: {} }, problems);
  return {
    rate: readGroup(groups.rate, defaultRate, problems),
    limits: readGroup(groups.limits, defaultLimits, problems),
  };
}
