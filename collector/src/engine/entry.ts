// Where batches enter the pipelines: asks for room first, counts what comes in, and tells the streams.

import { type Batch, type Logs, type Resource, streamOfResource } from "@chriscode/devmux-telemetry-protocol";
import type { Consumer, Streams, Verdict } from "../component/index.ts";
import { pressureRetryMs, type SendingQueue } from "./sending-queue.ts";
import type { ComponentStats } from "./stats.ts";

/** OTel severity number from which a record counts as an error of its stream. */
const errorSeverity = 17;

export interface EntryOptions {
  readonly next: Consumer;
  /** Every queue that a batch from here can reach. */
  readonly queues: readonly SendingQueue[];
  readonly stats: ComponentStats;
  readonly streams: Streams;
}

export function createEntry({ next, queues, stats, streams }: EntryOptions): Consumer {
  function count(batch: Batch, verdict: Verdict): void {
    const signal = stats.signals[batch.signal];
    const refused = verdict.kind === "accepted" ? (verdict.refused ?? 0) : batch.itemCount;
    signal.refused += refused;
    signal.accepted += batch.itemCount - refused;
    if (verdict.kind === "accepted" && batch.signal === "logs") countStreams(batch, streams);
  }
  return {
    async consume(batch) {
      // Asked for all before any is fed: a batch that one branch would turn back reaches none, and comes again once.
      const crowded = queues.some((queue) => !queue.hasRoom());
      const verdict: Verdict = crowded
        ? { kind: "retryable", reason: "the collector's queues are full", retryAfterMs: pressureRetryMs }
        : await next.consume(batch);
      count(batch, verdict);
      return verdict;
    },
  };
}

/** Records of one resource stand together, so the stream is asked for once for each run of them. */
function countStreams(logs: Logs, streams: Streams): void {
  let resource: Resource | undefined;
  let records = 0;
  let errors = 0;
  const tell = () => {
    if (resource) streams.received(streamOfResource(resource.attributes()), records, errors);
  };
  for (const record of logs.records()) {
    if (record.resource !== resource) {
      tell();
      resource = record.resource;
      records = 0;
      errors = 0;
    }
    records++;
    if (record.severityNumber >= errorSeverity) errors++;
  }
  tell();
}
