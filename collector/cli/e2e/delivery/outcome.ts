// What a scenario ends in: numbers, and the laws that the collector's own counters must keep.

import { strict as assert } from "node:assert";
import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import type { ComponentStatus, StatusReport } from "@chriscode/devmux-telemetry-server";
import type { World } from "../world.ts";
import type { Backend } from "./backend.ts";
import { isPlain, type Load } from "./load.ts";

export interface Outcome {
  /** Records that the client made. */
  readonly sent: number;
  /** Of them, acknowledged. */
  readonly acknowledged: number;
  /** Different ones that the backend has. */
  readonly delivered: number;
  /** Left out by a processor, because a rule of the user's said so. */
  readonly intended: number;
  /** Delivered beyond the first time. */
  readonly duplicates: number;
  /** Given up by an exporter, and counted. */
  readonly dropped: number;
  /** Acknowledged, and neither delivered nor counted. */
  readonly lost: number;
  /** Whether first deliveries came in the order in which they were sent, but for what a processor had held. */
  readonly ordered: boolean;
  readonly slowestAnswerMs: number;
}

/** What the collectors of a scenario counted, one after the other: a restart begins at 0. */
export interface Counted {
  readonly intended: number;
  readonly dropped: number;
}

export function countedBy(...reports: readonly StatusReport[]): Counted {
  const drops = reports.flatMap(({ components }) =>
    components.flatMap(({ kind, drops: all }) => Object.values(all).map((drop) => ({ kind, ...drop }))),
  );
  const sum = (of: typeof drops) => of.reduce((total, { count }) => total + count, 0);
  return {
    intended: sum(drops.filter(({ intended }) => intended)),
    dropped: sum(drops.filter(({ kind, intended }) => kind === "exporter" && !intended)),
  };
}

/** Undefined: the collectors that counted were killed, and of what a processor may leave out nothing is known. */
export function outcomeOf(load: Load, { taken }: Backend, counted: Counted | undefined): Outcome {
  const { intended, dropped } = counted ?? { intended: 0, dropped: 0 };
  const missing = [...load.acknowledged].filter(
    (number) => !taken.has(number) && (counted !== undefined || isPlain(number)),
  ).length;
  const inOrder = [...taken.keys()].filter(isPlain);
  return {
    sent: load.sent,
    acknowledged: load.acknowledged.size,
    delivered: taken.size,
    intended,
    duplicates: [...taken.values()].reduce((sum, times) => sum + times - 1, 0),
    dropped,
    lost: Math.max(0, missing - intended - dropped),
    ordered: inOrder.every((number, index) => index === 0 || number > inOrder[index - 1]!),
    slowestAnswerMs: Math.round(load.slowestMs),
  };
}

/** Acknowledged ones that no processor leaves out, and that the backend has not. */
export const missingOf = ({ acknowledged }: Load, { taken }: Backend): number =>
  [...acknowledged].filter((number) => isPlain(number) && !taken.has(number)).length;

/**
 * Received = delivered + queued + refused + dropped, at every joint of every pipeline. Of an exporter, for each signal: accepted +
 * recovered = sent + dropped + queued. Of a processor: what it took, and made = what it handed on + dropped. Between two: what
 * one handed on is what the next took. Throws where it does not hold. What a processor holds is not at rest.
 */
export function assertConservation(report: StatusReport): void {
  for (const component of report.components) {
    if (component.kind === "exporter") assertExporter(component);
    if (component.kind === "processor") assertProcessor(component);
  }
  for (const pipeline of report.pipelines) assertJoints(report, pipeline);
}

function assertExporter({ id, signals, queue }: ComponentStatus): void {
  for (const [signal, { accepted, recovered, sent, dropped }] of Object.entries(signals)) {
    const queued = queue!.signals[signal as Signal];
    assert.equal(
      accepted + recovered,
      sent + dropped + queued,
      `${id}, ${signal}: ${JSON.stringify({ signals, queue })}`,
    );
  }
}

function assertProcessor({ id, flow = {}, dropped, counters, drops }: ComponentStatus): void {
  let [taken, handedOn] = [counters.records_made ?? 0, counters.records_consumed ?? 0];
  for (const each of Object.values(flow)) {
    taken += each.incoming - each.incomingRefused;
    handedOn += each.outgoing - each.outgoingRefused;
  }
  assert.equal(taken, handedOn + dropped, `${id}: ${JSON.stringify({ flow, drops, counters })}`);
}

function assertJoints(
  { components, pipelines }: StatusReport,
  { id, signal, receivers, processors, exporters }: StatusReport["pipelines"][number],
): void {
  // What several pipelines share has the numbers of all of them.
  const isShared = (role: "receivers" | "exporters", each: string) =>
    pipelines.filter((pipeline) => pipeline[role].includes(each)).length > 1;
  if (receivers.some((each) => isShared("receivers", each))) return;
  const find = (kind: string, wanted: string) => components.find((each) => each.kind === kind && each.id === wanted);
  let passing = receivers.reduce((sum, each) => sum + (find("receiver", each)?.signals[signal]?.accepted ?? 0), 0);
  for (const processor of processors) {
    const flow = find("processor", `${processor} (${id})`)?.flow?.[signal];
    assert.equal((flow?.incoming ?? 0) - (flow?.incomingRefused ?? 0), passing, `what ${processor} in ${id} took`);
    passing = (flow?.outgoing ?? 0) - (flow?.outgoingRefused ?? 0);
  }
  for (const exporter of exporters.filter((each) => !isShared("exporters", each)))
    assert.equal(find("exporter", exporter)?.signals[signal]?.accepted ?? 0, passing, `what ${exporter} took`);
}

/** Until these queues of a world are empty (all unless told), no processor holds anything, and every number fits the others. */
export async function atRest(
  world: World,
  timeoutMs: number,
  isEmptied: (exporterId: string) => boolean = () => true,
): Promise<StatusReport> {
  let unfit: unknown;
  try {
    return await world.until(
      "numbers that fit",
      async () => {
        const report = await world.status();
        assert.ok(report.components, `the collector runs no more: ${JSON.stringify(report)}`);
        if (report.components.some(({ id, queue }) => (queue?.items ?? 0) > 0 && isEmptied(id))) return undefined;
        try {
          assertConservation(report);
          return report;
        } catch (error) {
          unfit = error;
          return undefined;
        }
      },
      timeoutMs,
    );
  } catch (error) {
    throw unfit ?? error;
  }
}
