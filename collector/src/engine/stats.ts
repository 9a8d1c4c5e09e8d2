// The numbers each component is judged by. Everything that shows them (status, metrics) reads these.

import type { HealthState, Signal } from "../component/component.ts";

export interface Drop {
  count: number;
  /** A rule of the user's said so. */
  intended: boolean;
}

export interface ComponentStats {
  readonly id: string;
  readonly kind: "receiver" | "processor" | "exporter" | "connector" | "extension";
  state: HealthState;
  message: string | undefined;
  /** Unix milliseconds of the last change of `state`. */
  since: number;
  readonly signals: { readonly [S in Signal]: SignalStats };
  /** By reason. What vanished here and is in no verdict. */
  readonly drops: Map<string, Drop>;
  /** The component's own counters, by name. */
  readonly counters: Map<string, number>;
}

/** Items are log records, spans or data points. */
export interface SignalStats {
  /** Receiver: taken by its pipelines. */
  accepted: number;
  /** Receiver: turned back, for now or for good. */
  refused: number;
  /** Exporter: handed on. */
  sent: number;
  /** Exporter: given up. */
  sendFailed: number;
}

export function createStats(kind: ComponentStats["kind"], id: string): ComponentStats {
  const zero = (): SignalStats => ({ accepted: 0, refused: 0, sent: 0, sendFailed: 0 });
  return {
    id,
    kind,
    state: "ok",
    message: undefined,
    since: Date.now(),
    signals: { logs: zero(), traces: zero(), metrics: zero() },
    drops: new Map(),
    counters: new Map(),
  };
}

export function addDrop(stats: ComponentStats, count: number, reason: string, intended: boolean): void {
  if (count <= 0) return;
  const drop = stats.drops.get(reason);
  if (drop) drop.count += count;
  else stats.drops.set(reason, { count, intended });
}

export function totalDropped(stats: ComponentStats): number {
  let total = 0;
  for (const { count } of stats.drops.values()) total += count;
  return total;
}
