// What a scenario ends in: numbers, and the law that the collector's own counters must keep.

import { strict as assert } from "node:assert";
import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import type { StatusReport } from "@chriscode/devmux-telemetry-server";
import type { World } from "../world.ts";
import type { Backend } from "./backend.ts";
import type { Load } from "./load.ts";

export interface Outcome {
  /** Records that the client made. */
  readonly sent: number;
  /** Of them, acknowledged. */
  readonly acknowledged: number;
  /** Different ones that the backend has. */
  readonly delivered: number;
  /** Beyond the first time. */
  readonly duplicates: number;
  /** Counted as dropped by the collector that ran last. */
  readonly dropped: number;
  /** Acknowledged, and neither delivered nor counted. */
  readonly lost: number;
  /** Whether first deliveries came in the order in which they were sent. */
  readonly ordered: boolean;
  readonly slowestAnswerMs: number;
}

export function outcomeOf(load: Load, backend: Backend, dropped = 0): Outcome {
  const { taken } = backend;
  const missing = [...load.acknowledged].filter((number) => !taken.has(number)).length;
  const numbers = [...taken.keys()];
  return {
    sent: load.sent,
    acknowledged: load.acknowledged.size,
    delivered: taken.size,
    duplicates: [...taken.values()].reduce((sum, times) => sum + times - 1, 0),
    dropped,
    lost: Math.max(0, missing - dropped),
    ordered: numbers.every((number, index) => index === 0 || number > numbers[index - 1]!),
    slowestAnswerMs: Math.round(load.slowestMs),
  };
}

export const missingOf = ({ acknowledged }: Load, { taken }: Backend): number =>
  [...acknowledged].filter((number) => !taken.has(number)).length;

/** Of each exporter and signal: accepted + recovered = sent + dropped + queued. Throws where it does not hold. */
export function assertConservation({ components }: StatusReport): void {
  for (const { kind, id, signals, queue } of components) {
    if (kind !== "exporter" || queue === undefined) continue;
    for (const [signal, { accepted, recovered, sent, dropped }] of Object.entries(signals)) {
      const queued: number = queue.signals[signal as Signal];
      assert.equal(
        accepted + recovered,
        sent + dropped + queued,
        `${id}, ${signal}: ${JSON.stringify(signals)}, ${queued} queued`,
      );
    }
  }
}

/** Of a pipeline with one receiver and these exporters and nothing between: what the one took is what each of the others took. */
export function assertPipeline({ components }: StatusReport): void {
  const logs = (wanted: string) => components.filter(({ kind }) => kind === wanted).map(({ signals }) => signals.logs);
  const received = logs("receiver").reduce((sum, each) => sum + (each?.accepted ?? 0), 0);
  for (const each of logs("exporter"))
    assert.equal(each?.accepted ?? 0, received, "taken by the exporter, by the receivers");
}

export function droppedBy({ components }: StatusReport): number {
  return components.reduce((sum, { kind, dropped }) => sum + (kind === "exporter" ? dropped : 0), 0);
}

/** Until the queues of a world are empty. */
export async function drained(world: World, timeoutMs: number): Promise<StatusReport> {
  return world.until(
    "empty queues",
    async () => {
      const report = await world.status();
      assert.ok(report.components, `the collector runs no more: ${JSON.stringify(report)}`);
      return report.components.every(({ queue }) => (queue?.items ?? 0) === 0) ? report : undefined;
    },
    timeoutMs,
  );
}
