// Where batches enter the pipelines: asks for room first, counts what comes in, and tells the streams.

import { type Batch, type Logs, streamOfResource } from "@chriscode/devmux-telemetry-protocol";
import { type Consumer, type Output, rejected, type Settings, type Streams, type Verdict } from "../component/index.ts";
import { inTime } from "./backoff.ts";
import { pressureRetryMs, type SendingQueue } from "./sending-queue.ts";
import { type ComponentStats, transportOf } from "./stats.ts";

/** OTel severity number from which a record counts as an error of its stream. */
const errorSeverity = 17;

/** Longest that a batch waits at a gate that is closed; then its client keeps it. Within what a client waits for an answer. */
const maxHeldMs = 1_500;
/** Nobody who sends waits longer than this for an answer, whatever stands in the pipeline. */
const maxAnswerMs = 2_000;

export interface Entry extends Output {
  /** `queues`: every one that a batch from here can reach. */
  lead(next: Consumer, queues: readonly SendingQueue[]): void;
  /** Lets nothing in until the function that it returns is called. */
  hold(): () => void;
}

/** `arrived` is told of every batch. */
export function createEntry(
  stats: ComponentStats,
  settings: Settings,
  streams: Streams,
  arrived: (bytes: number) => void,
): Entry {
  let next: Consumer | undefined;
  let queues: readonly SendingQueue[] = [];
  let gate: Promise<void> | undefined;

  async function take(batch: Batch): Promise<Verdict> {
    if (gate !== undefined) await inTime(maxHeldMs, gate, undefined);
    if (gate !== undefined || next === undefined) return unavailable("the collector is reading a new configuration");
    // Asked for all before any is fed: a batch that one branch would turn back reaches none, and comes again once.
    if (queues.some((queue) => !queue.hasRoom())) return unavailable("the collector's queues are full");
    return next.consume(batch);
  }

  function count(batch: Batch, verdict: Verdict, transport: string): void {
    const refused = verdict.kind === "accepted" ? (verdict.refused ?? 0) : batch.itemCount;
    const { signals, requests } = transportOf(stats, transport);
    for (const counts of [stats.signals[batch.signal], signals[batch.signal]]) {
      counts.refused += refused;
      counts.accepted += batch.itemCount - refused;
    }
    requests[verdict.kind === "accepted" ? "success" : "refused"]++;
    if (verdict.kind === "accepted" && batch.signal === "logs") countStreams(batch, streams);
  }

  /** A bug in a component. The same batch would meet it again, so its client is not asked to come again: it is lost, and counted. */
  function fail(batch: Batch, error: unknown, transport: string): Verdict {
    const { signals, requests } = transportOf(stats, transport);
    signals[batch.signal].failed += batch.itemCount;
    requests.failure++;
    settings.dropped(batch.itemCount, "internal_error");
    settings.log.error("a component threw; it should have answered with a verdict", { error: String(error) });
    return rejected("the collector failed on these records; its log says where");
  }

  return {
    consume(batch, transport = "") {
      arrived(batch.byteLength);
      const verdict = take(batch).then(
        (answer) => {
          count(batch, answer, transport);
          return answer;
        },
        (error) => fail(batch, error, transport),
      );
      // What comes of it is counted when it is known; the client may send it again, and it is there twice then, not lost.
      return inTime(maxAnswerMs, verdict, unavailable("the pipelines have not answered in time"));
    },
    lead(to, reachable) {
      next = to;
      queues = reachable;
    },
    hold() {
      let open = () => {};
      const closed = new Promise<void>((resolve) => {
        open = resolve;
      });
      gate = closed;
      return () => {
        if (gate === closed) gate = undefined;
        open();
      };
    },
  };
}

function unavailable(reason: string): Verdict {
  return { kind: "retryable", reason, retryAfterMs: pressureRetryMs };
}

function countStreams(logs: Logs, streams: Streams): void {
  for (const { resource, records, severe } of logs.resourceRuns(errorSeverity))
    streams.received(streamOfResource(resource.attributes()), records, severe);
}
