// Options of the redaction processor.

import { z } from "zod";
import { type Pattern, pattern } from "../../expression/index.ts";
import { rules } from "./rules/index.ts";

export interface RedactionConfig {
  readonly blockedValues: readonly Pattern[];
  readonly blockedKeyPatterns: readonly Pattern[];
  readonly allowedValues: readonly Pattern[];
  readonly ignoredKeys: ReadonlySet<string>;
  readonly ignoredKeyPatterns: readonly Pattern[];
  /** Names of rules; `key` is the one for keys. */
  readonly disabledRules: ReadonlySet<string>;
}

const ruleNames = ["key", ...rules.map(({ name }) => name)] as const;
const patterns = () => z.array(pattern()).prefault([]);

export const redactionConfig: z.ZodType<RedactionConfig> = z
  .strictObject({
    /** What they match is replaced in every text. None: with one, every batch has to be read. */
    blocked_values: patterns(),
    /** The values of such keys are replaced, beside those that are known by themselves. */
    blocked_key_patterns: patterns(),
    /** Secrets that one of these matches stay: test keys, examples. */
    allowed_values: patterns(),
    /** What stands at these keys stays, whatever it is. */
    ignored_keys: z.array(z.string()).default([]),
    ignored_key_patterns: patterns(),
    /** None: leaving one out is for who knows that its finds are none. */
    disabled_rules: z.array(z.enum(ruleNames)).default([]),
  })
  .transform((config) => ({
    blockedValues: config.blocked_values,
    blockedKeyPatterns: config.blocked_key_patterns,
    allowedValues: config.allowed_values,
    ignoredKeys: new Set(config.ignored_keys),
    ignoredKeyPatterns: config.ignored_key_patterns,
    disabledRules: new Set(config.disabled_rules),
  }));
