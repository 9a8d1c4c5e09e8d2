// The numbers each component is judged by. Everything that shows them (status, metrics) reads these.

import type { HealthState, Signal } from "../component/component.ts";
import type { ItemCounts } from "../component/storage.ts";

export interface Drop {
  count: number;
  /** A rule of the user's said so. */
  intended: boolean;
}

export interface ComponentStats {
  readonly id: string;
  readonly kind: "receiver" | "processor" | "exporter" | "connector" | "extension";
  /** By who says it: the component itself, and the engine of its delivery. The worst counts. */
  readonly health: Map<HealthSource, Health>;
  readonly signals: { readonly [S in Signal]: SignalStats };
  /** What was handed to a processor or connector, and what it handed on. */
  readonly flow: { readonly [S in Signal]: Flow };
  /** Exporter: what its queue left in a storage when it ended, by place. Found there again, it is counted already. */
  readonly left: Map<string, Readonly<ItemCounts>>;
  /** What it warned or complained of last. */
  lastError: LastError | undefined;
  /** By reason. What vanished here and is in no verdict. */
  readonly drops: Map<string, Drop>;
  /** The component's own counters, by name. */
  readonly counters: Map<string, number>;
}

export interface Flow {
  incoming: number;
  outgoing: number;
}

export interface LastError {
  readonly message: string;
  /** Unix milliseconds. */
  readonly at: number;
}

export type HealthSource = "component" | "delivery";

export interface Health {
  readonly state: HealthState;
  readonly message: string | undefined;
  /** Unix milliseconds of the last change of `state`. */
  readonly since: number;
}

/** Items are log records, spans or data points. Of an exporter, at rest: accepted + recovered = sent + dropped + queued. */
export interface SignalStats {
  /** Receiver: taken by its pipelines. Exporter: taken into its queue. */
  accepted: number;
  /** Receiver and exporter: turned back, for now or for good. */
  refused: number;
  /** Exporter: found in its storage when it started. */
  recovered: number;
  /** Exporter: handed on. */
  sent: number;
  /** Exporter: given up. */
  sendFailed: number;
  /** Exporter: taken or recovered, and not sent; by reason in `drops`. */
  dropped: number;
}

export function createStats(kind: ComponentStats["kind"], id: string): ComponentStats {
  const zero = (): SignalStats => ({
    accepted: 0,
    refused: 0,
    recovered: 0,
    sent: 0,
    sendFailed: 0,
    dropped: 0,
  });
  const still = (): Flow => ({ incoming: 0, outgoing: 0 });
  return {
    id,
    kind,
    health: new Map(),
    signals: { logs: zero(), traces: zero(), metrics: zero() },
    flow: { logs: still(), traces: still(), metrics: still() },
    left: new Map(),
    lastError: undefined,
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

const rank: Readonly<Record<HealthState, number>> = { ok: 0, degraded: 1, failed: 2 };

/** The worst of what is said; what the component says itself where both are equal. */
export function healthOf({ health }: ComponentStats): Health {
  let worst: Health = { state: "ok", message: undefined, since: 0 };
  for (const each of health.values()) if (rank[each.state] > rank[worst.state] || worst.since === 0) worst = each;
  return worst;
}

export function totalDropped(stats: ComponentStats): number {
  let total = 0;
  for (const { count } of stats.drops.values()) total += count;
  return total;
}
