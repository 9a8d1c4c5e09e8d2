// The numbers each component is judged by. Everything that shows them (status, metrics) reads these.

import type { Batch, HealthState, Signal } from "../component/component.ts";
import type { ItemCounts } from "../component/storage.ts";
import type { Verdict } from "../component/verdict.ts";

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
  /** What was handed to a component that takes batches, and what a processor or connector handed on. */
  readonly flow: { readonly [S in Signal]: Flow };
  /** Exporter: what its queue left in a storage when it ended, by place. Found there again, it is counted already. */
  readonly left: Map<string, Readonly<ItemCounts>>;
  /** Receiver: by transport; "" where it does not say. */
  readonly transports: Map<string, TransportStats>;
  /** Exporter: calls that are under way. */
  inFlight: number;
  /** What it warned or complained of last. */
  lastError: LastError | undefined;
  /** By reason. What vanished here and is in no verdict. */
  readonly drops: Map<string, Drop>;
  /** The component's own counters, by name. */
  readonly counters: Map<string, number>;
}

/** Items. Of `incoming`, `refused` were turned back, and `failed` in a consumer that threw; of `outgoing`, by what comes next. */
export interface Flow {
  incoming: number;
  incomingRefused: number;
  incomingFailed: number;
  outgoing: number;
  outgoingRefused: number;
  outgoingFailed: number;
}

/** What came to a receiver over one transport. */
export interface TransportStats {
  readonly signals: { readonly [S in Signal]: { accepted: number; refused: number; failed: number } };
  /** Batches, by how they ended. */
  readonly requests: { success: number; refused: number; failure: number };
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
  const still = (): Flow => ({
    incoming: 0,
    incomingRefused: 0,
    incomingFailed: 0,
    outgoing: 0,
    outgoingRefused: 0,
    outgoingFailed: 0,
  });
  return {
    id,
    kind,
    health: new Map(),
    signals: { logs: zero(), traces: zero(), metrics: zero() },
    flow: { logs: still(), traces: still(), metrics: still() },
    left: new Map(),
    transports: new Map(),
    inFlight: 0,
    lastError: undefined,
    drops: new Map(),
    counters: new Map(),
  };
}

/** Notes how a batch ended that was handed to a component (`incoming`) or by it (`outgoing`). The answer is given on as it is. */
export function countFlow(flow: Flow, way: "incoming" | "outgoing", batch: Batch, answer: Promise<Verdict>): void {
  flow[way] += batch.itemCount;
  answer.then(
    (verdict) => {
      flow[`${way}Refused`] += verdict.kind === "accepted" ? (verdict.refused ?? 0) : batch.itemCount;
    },
    () => {
      flow[`${way}Failed`] += batch.itemCount;
    },
  );
}

export function transportOf({ transports }: ComponentStats, name: string): TransportStats {
  const known = transports.get(name);
  if (known !== undefined) return known;
  const zero = () => ({ accepted: 0, refused: 0, failed: 0 });
  const made = {
    signals: { logs: zero(), traces: zero(), metrics: zero() },
    requests: { success: 0, refused: 0, failure: 0 },
  };
  transports.set(name, made);
  return made;
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
