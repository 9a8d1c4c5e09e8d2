// What redaction changes in a batch: the texts that hold secrets, and the values of keys that say so.

import type { TextEditor, ValueRule } from "@chriscode/devmux-telemetry-protocol";
import { EvaluationError, type Pattern, type Range } from "../../expression/index.ts";
import type { RedactionConfig } from "./config.ts";
import { createKeyVerdicts } from "./keys.ts";
import { rules } from "./rules/index.ts";
import { createScanner, type Secret } from "./scanner.ts";

/** Names a rule to whoever counts; called for each secret that is replaced. */
export type OnReplaced = (rule: string) => void;

export function createEditor(config: RedactionConfig, onReplaced: OnReplaced): TextEditor {
  const { blockedValues, blockedKeyPatterns, ignoredKeys, ignoredKeyPatterns, allowedValues, disabledRules } = config;
  const scanner = createScanner(rules.filter(({ name }) => !disabledRules.has(name)));
  const verdictOf = createKeyVerdicts();
  const masks = new Map<string, Buffer>();
  const keep: ValueRule = { kind: "keep" };
  const byKey = !disabledRules.has("key");
  /** A pattern of the user's may match anything, so nothing can be passed on unread. */
  const readsAll = blockedValues.length > 0 || blockedKeyPatterns.length > 0;

  function maskOf(rule: string): Buffer {
    let mask = masks.get(rule);
    if (mask === undefined) {
      mask = Buffer.from(`[redacted:${rule}]`);
      masks.set(rule, mask);
    }
    return mask;
  }

  function isAllowed(bytes: Uint8Array, start: number, end: number): boolean {
    if (allowedValues.length === 0) return false;
    const text = textOf(bytes, start, end);
    return allowedValues.some((pattern) => pattern.test(text));
  }

  function withoutSecrets(bytes: Uint8Array, start: number, end: number): Buffer | undefined {
    const found = scanner.secretsOf(bytes, start, end);
    const secrets = found?.filter((secret) => !isAllowed(bytes, start + secret.start, start + secret.end));
    if (secrets === undefined || secrets.length === 0) return undefined;
    for (const { rule } of secrets) onReplaced(rule);
    return spliced(bytes, start, end, secrets, maskOf);
  }

  return {
    mayChange: (bytes, start, end) => readsAll || scanner.mayHold(bytes, start, end),
    text(bytes, start, end) {
      const replaced = withoutSecrets(bytes, start, end);
      if (blockedValues.length === 0) return replaced;
      const text = replaced === undefined ? textOf(bytes, start, end) : replaced.toString();
      const further = withoutMatches(text, blockedValues, "[redacted:blocked_value]");
      if (further === undefined) return replaced;
      onReplaced("blocked_value");
      return Buffer.from(further);
    },
    value(key) {
      if (ignoredKeys.has(key) || ignoredKeyPatterns.some((pattern) => pattern.test(key))) return keep;
      if (blockedKeyPatterns.some((pattern) => pattern.test(key))) {
        onReplaced("blocked_key");
        return { kind: "replace", text: maskOf("blocked_key"), numbers: true };
      }
      const verdict = byKey ? verdictOf(key) : "none";
      if (verdict === "none") return undefined;
      onReplaced("key");
      return { kind: "replace", text: maskOf("key"), numbers: verdict === "all" };
    },
  };
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

function spliced(
  bytes: Uint8Array,
  start: number,
  end: number,
  secrets: readonly Secret[],
  maskOf: (rule: string) => Buffer,
): Buffer {
  let size = end - start;
  for (const secret of secrets) size += maskOf(secret.rule).length - (secret.end - secret.start);
  const result = Buffer.allocUnsafe(size);
  let copied = start;
  let at = 0;
  for (const secret of secrets) {
    const mask = maskOf(secret.rule);
    const kept = bytes.subarray(copied, start + secret.start);
    result.set(kept, at);
    result.set(mask, at + kept.length);
    at += kept.length + mask.length;
    copied = start + secret.end;
  }
  result.set(bytes.subarray(copied, end), at);
  return result;
}

/** Every match of the patterns replaced; undefined where nothing matches. A text that takes too long is replaced as a whole. */
function withoutMatches(text: string, patterns: readonly Pattern[], mask: string): string | undefined {
  let ranges: Range[];
  try {
    ranges = patterns.flatMap((pattern) => pattern.ranges(text)).sort((a, b) => a.start - b.start);
  } catch (error) {
    if (error instanceof EvaluationError) return mask;
    throw error;
  }
  if (ranges.length === 0) return undefined;
  let result = "";
  let copied = 0;
  for (const { start, end } of ranges) {
    if (start >= copied) result += text.slice(copied, start) + mask;
    copied = Math.max(copied, end);
  }
  return result + text.slice(copied);
}
