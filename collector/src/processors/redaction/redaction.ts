// Replaces secrets before anything else sees them. A batch in which no rule can find any is passed on as it came, unread.

import { type Batch, OtlpError } from "@chriscode/devmux-telemetry-protocol";
import { type Consumer, type Processor, rejected, type Settings } from "../../component/index.ts";
import type { RedactionConfig } from "./config.ts";
import { createEditor } from "./editor.ts";

export function createRedaction(settings: Settings, config: RedactionConfig, next: Consumer): Processor {
  let replaced = new Map<string, number>();
  const editor = createEditor(config, (rule) => void replaced.set(rule, (replaced.get(rule) ?? 0) + 1));

  /** The batch without secrets; the reason where it cannot be looked through. */
  function redacted(batch: Batch): Batch | string {
    try {
      return batch.mapTexts(editor);
    } catch (error) {
      if (error instanceof OtlpError) return `redaction: ${error.message}`;
      throw error;
    }
  }

  return {
    async consume(batch) {
      replaced = new Map();
      const without = redacted(batch);
      const counts = replaced;
      // What cannot be looked through does not go on: it may hold what it is about.
      if (typeof without === "string") return rejected(without);
      const verdict = await next.consume(without);
      // What is turned back comes again, and is counted then.
      if (verdict.kind !== "retryable") for (const [rule, count] of counts) settings.count(`redacted_${rule}`, count);
      return verdict;
    },
  };
}
