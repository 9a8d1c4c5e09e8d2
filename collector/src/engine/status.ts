// What the collector says of itself: the answer of /api/status and of `devmux telemetry status --json`.

import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import type { ComponentHealth, HealthState, StreamInfo } from "../component/index.ts";
import type { ItemCounts } from "../component/storage.ts";
import type { Blueprint } from "../config/blueprint.ts";
import type { Graph } from "./graph.ts";
import type { Rates } from "./rates.ts";
import { type ComponentStats, type Flow, healthOf, type SignalStats, totalDropped } from "./stats.ts";

export interface StatusReport {
  readonly running: true;
  readonly pid: number;
  readonly version: string;
  /** WebSocket URL of the collector's own port. */
  readonly url: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly uptimeMs: number;
  readonly instanceId: string;
  readonly streams: readonly StreamStatus[];
  readonly pipelines: readonly PipelineStatus[];
  readonly components: readonly ComponentStatus[];
}

/** Times are ISO 8601; `lastRecordAt` is null before the first record. */
export interface StreamStatus extends Omit<StreamInfo, "connectedAt" | "lastRecordAt"> {
  readonly connectedAt: string;
  readonly lastRecordAt: string | null;
}

export interface PipelineStatus {
  readonly id: string;
  readonly signal: Signal;
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

export interface ComponentStatus {
  readonly kind: ComponentStats["kind"];
  readonly id: string;
  readonly state: HealthState;
  readonly message?: string;
  /** ISO 8601 of the last change of state; absent where there was none. */
  readonly since?: string;
  /** Only signals with a number other than 0. */
  readonly signals: { readonly [S in Signal]?: SignalStats };
  readonly dropped: number;
  readonly drops: { readonly [reason: string]: { readonly count: number; readonly intended: boolean } };
  readonly counters: { readonly [name: string]: number };
  /** Processors and connectors: what was handed to them and what they handed on; only signals that came. */
  readonly flow?: { readonly [S in Signal]?: Flow };
  /** Items a second, of late: taken by a receiver, sent by an exporter, handed on by the others. */
  readonly perSecond: number;
  /** What it warned or complained of last, also where it has recovered since. `at` is ISO 8601. */
  readonly lastError?: { readonly message: string; readonly at: string };
  /** Exporters only. */
  readonly queue?: QueueStatus;
}

/** What is on disk counts as what is in memory. */
export interface QueueStatus {
  readonly items: number;
  readonly signals: Readonly<ItemCounts>;
  readonly bytes: number;
  readonly capacityBytes: number;
}

export function pipelineStatus({ pipelines }: Blueprint): PipelineStatus[] {
  return pipelines.map(({ id, signal, receivers, processors, exporters }) => ({
    id,
    signal,
    receivers,
    processors,
    exporters,
  }));
}

export function streamStatus(stream: StreamInfo): StreamStatus {
  const { connectedAt, lastRecordAt } = stream;
  return {
    ...stream,
    connectedAt: new Date(connectedAt).toISOString(),
    lastRecordAt: lastRecordAt === undefined ? null : new Date(lastRecordAt).toISOString(),
  };
}

/** Without the numbers: cheap enough to be asked every second. */
export function componentHealth({
  receivers,
  processors,
  connectors,
  exporters,
  extensions,
}: Graph): ComponentHealth[] {
  return [...receivers, ...processors, ...connectors, ...exporters, ...extensions].map(({ stats }) => {
    const { state, message } = healthOf(stats);
    return { kind: stats.kind, id: stats.id, state, ...(message === undefined ? {} : { message }) };
  });
}

export function componentStatus(graph: Graph, rates: Pick<Rates, "of">): ComponentStatus[] {
  const nodes = [...graph.receivers, ...graph.processors, ...graph.connectors, ...graph.extensions];
  return [
    ...nodes.map(({ stats }) => toStatus(stats, rates)),
    ...graph.exporters.map(({ stats, queue: { items, itemsBySignal, bytes, capacityBytes } }) => ({
      ...toStatus(stats, rates),
      queue: { items, signals: { ...itemsBySignal }, bytes, capacityBytes },
    })),
  ];
}

function toStatus(stats: ComponentStats, rates: Pick<Rates, "of">): ComponentStatus {
  const signals = Object.entries(stats.signals).filter(([, numbers]) =>
    Object.values(numbers as SignalStats).some((n) => n > 0),
  );
  const { state, message, since } = healthOf(stats);
  const { lastError } = stats;
  return {
    kind: stats.kind,
    id: stats.id,
    state,
    ...(message === undefined ? {} : { message }),
    ...(since === 0 ? {} : { since: new Date(since).toISOString() }),
    signals: Object.fromEntries(signals),
    dropped: totalDropped(stats),
    drops: Object.fromEntries(stats.drops),
    counters: Object.fromEntries(stats.counters),
    perSecond: Math.round(rates.of(stats) * 10) / 10,
    ...flowOf(stats),
    ...(lastError === undefined
      ? {}
      : { lastError: { message: lastError.message, at: new Date(lastError.at).toISOString() } }),
  };
}

function flowOf({ kind, flow }: ComponentStats): Pick<ComponentStatus, "flow"> {
  if (kind !== "processor" && kind !== "connector") return {};
  const passed = Object.entries(flow).filter(([, { incoming, outgoing }]) => incoming + outgoing > 0);
  return { flow: Object.fromEntries(passed) };
}
