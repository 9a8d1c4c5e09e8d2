// Joins small batches to larger ones. Who sent one gets the verdict of what it became a part of: nothing is acknowledged early.

import {
  accepted,
  type Batch,
  type Consumer,
  mergeBatches,
  type Processor,
  partlyAccepted,
  type Settings,
  type Verdict,
} from "../../component/index.ts";
import { handOnParts } from "../parts.ts";
import type { BatchConfig } from "./config.ts";

interface Waiting {
  readonly batch: Batch;
  settle(verdict: Verdict): void;
}

export function createBatch(settings: Settings, config: BatchConfig, next: Consumer): Processor {
  const { maxItems = Number.POSITIVE_INFINITY, maxBytes } = config;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  let waiting: Waiting[] = [];
  let items = 0;
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(trigger: "size" | "timeout" | "shutdown"): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    settings.count(`${trigger}_trigger_send`);
    const sent = send(waiting);
    underWay.add(sent);
    void sent.then(() => underWay.delete(sent));
    waiting = [];
    items = 0;
    bytes = 0;
  }

  async function send(joined: readonly Waiting[]): Promise<void> {
    const whole = mergeBatches(joined.map(({ batch }) => batch));
    const parts = whole.split({ maxRecords: maxItems, maxBytes });
    for (const { itemCount, byteLength } of parts) {
      settings.measure("batch_send_size", itemCount);
      settings.measure("batch_send_size_bytes", byteLength);
    }
    const verdict = await handOnParts(
      parts.map((batch) => ({ batch, to: next })),
      stopping.signal,
    );
    settle(joined, verdict);
  }

  return {
    consume(batch) {
      if (batch.itemCount === 0) return next.consume(batch);
      return new Promise((resolve) => {
        if (items + batch.itemCount > maxItems || bytes + batch.byteLength > maxBytes) flush("size");
        waiting.push({ batch, settle: resolve });
        items += batch.itemCount;
        bytes += batch.byteLength;
        if (items >= config.items || bytes >= maxBytes) flush("size");
        else if (stopping.signal.aborted) flush("shutdown");
        else timer ??= setTimeout(() => flush("timeout"), config.timeoutMs);
      });
    },
    async shutdown(signal) {
      stopping.abort();
      flush("shutdown");
      const givenUp = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve(), { once: true });
      });
      await Promise.race([Promise.all(underWay), givenUp]);
    },
  };
}

/** Records that were refused are nobody's in particular: they are counted to the first that were joined. */
function settle(joined: readonly Waiting[], verdict: Verdict): void {
  let refused = verdict.kind === "accepted" ? (verdict.refused ?? 0) : 0;
  for (const { batch, settle } of joined) {
    if (verdict.kind !== "accepted" || refused === 0) {
      settle(verdict.kind === "accepted" ? accepted : verdict);
      continue;
    }
    const own = Math.min(refused, batch.itemCount);
    refused -= own;
    settle(partlyAccepted(own, verdict.reason ?? ""));
  }
}
