// Which patch a wish becomes, or why none: the rules of the work list, without any file.

import type { TriggerEvent } from "../event.ts";
import { type EventState, type Fold, hasLapsed } from "./fold.ts";
import type { StatusPatch } from "./patch.ts";
import { atLeast, type EventSeverity, severityRank } from "./severity.ts";
import { isOpen } from "./status.ts";

export type Wish =
  /** The next one that waits, the most severe and then the oldest first; of those that `where` takes. */
  | {
      readonly kind: "claim";
      readonly agent: string;
      readonly leaseMs: number;
      readonly lowest: EventSeverity;
      readonly where?: ((event: TriggerEvent) => boolean) | undefined;
    }
  /** This one; renews a claim that the agent has. */
  | { readonly kind: "claim"; readonly agent: string; readonly leaseMs: number; readonly id: string }
  /** `by` is an agent's name: then another agent's claim is respected. A person who gives none has the last word. */
  | {
      readonly kind: "resolve" | "dismiss" | "release";
      readonly id: string;
      readonly by?: string | undefined;
      readonly note?: string | undefined;
    };

export type Decision =
  | { readonly kind: "patch"; readonly patch: StatusPatch & { readonly rev: number; readonly at: string } }
  /** It is so already. */
  | { readonly kind: "unchanged"; readonly state: EventState }
  /** There is no such event, or none that waits. */
  | { readonly kind: "none" }
  /** Several ids begin like that. */
  | { readonly kind: "ambiguous"; readonly ids: readonly string[] }
  | { readonly kind: "conflict"; readonly state: EventState; readonly reason: string };

export function decide(fold: Fold, wish: Wish, nowMs: number): Decision {
  if (wish.kind === "claim" && !("id" in wish)) {
    const next = nextToClaim(fold, wish, nowMs);
    return next === undefined ? { kind: "none" } : claim(next, wish, nowMs);
  }
  const found = findEvent(fold, wish.id);
  if (found.kind !== "found") return found;
  const { state } = found;
  if (wish.kind === "claim") return claimThis(state, wish, nowMs);
  if (wish.kind === "release" ? state.status === "pending" : state.status === closedBy[wish.kind])
    return { kind: "unchanged", state };
  const holder = holderOf(state, nowMs);
  if (wish.by !== undefined && holder !== undefined && holder !== wish.by)
    return { kind: "conflict", state, reason: heldBy(state) };
  const note = wish.note ?? (wish.kind === "release" && !isOpen(state.status) ? "opened again by hand" : undefined);
  const status = wish.kind === "release" ? "pending" : closedBy[wish.kind];
  return patch(state, { status, by: wish.by, note }, nowMs);
}

const closedBy = { resolve: "resolved", dismiss: "dismissed" } as const;
/** Shorter beginnings of an id are typing errors. */
const shortestPrefix = 4;

export type Found =
  | { readonly kind: "found"; readonly state: EventState }
  | { readonly kind: "none" }
  | { readonly kind: "ambiguous"; readonly ids: readonly string[] };

/** By the whole id, or a beginning of it that no other has. */
export function findEvent(fold: Fold, id: string): Found {
  const exact = fold.get(id);
  if (exact !== undefined) return { kind: "found", state: exact };
  if (id.length < shortestPrefix) return { kind: "none" };
  const matching = [...fold.states()].filter(({ event }) => event.id.startsWith(id));
  const [first, second] = matching;
  if (first === undefined) return { kind: "none" };
  return second === undefined
    ? { kind: "found", state: first }
    : { kind: "ambiguous", ids: matching.map(({ event }) => event.id) };
}

type Next = Exclude<Claim, { id: string }>;

function nextToClaim(fold: Fold, { lowest, where = () => true }: Next, nowMs: number): EventState | undefined {
  let best: EventState | undefined;
  for (const state of fold.states()) {
    if (!waits(state, nowMs) || !atLeast(state.event.severity, lowest) || !where(state.event)) continue;
    if (best === undefined || comesBefore(state, best)) best = state;
  }
  return best;
}

function comesBefore(a: EventState, b: EventState): boolean {
  const difference = severityRank(a.event.severity) - severityRank(b.event.severity);
  return difference > 0 || (difference === 0 && a.newAt < b.newAt);
}

function waits(state: EventState, nowMs: number): boolean {
  return state.status === "pending" || hasLapsed(state, nowMs);
}

type Claim = Extract<Wish, { kind: "claim" }>;

function claimThis(state: EventState, wish: Claim, nowMs: number): Decision {
  const holds = state.status === "processing" && state.by === wish.agent;
  if (holds || waits(state, nowMs)) return claim(state, wish, nowMs);
  const reason = state.status === "processing" ? heldBy(state) : `it is ${state.status} already`;
  return { kind: "conflict", state, reason };
}

function claim(state: EventState, { agent, leaseMs }: Claim, nowMs: number): Decision {
  const until = new Date(nowMs + leaseMs).toISOString();
  return patch(state, { status: "processing", by: agent, until }, nowMs);
}

type Changed = Pick<StatusPatch, "status"> & { readonly [Key in "by" | "until" | "note"]?: string | undefined };

function patch({ event, status, rev }: EventState, { by, until, note, ...to }: Changed, nowMs: number): Decision {
  return {
    kind: "patch",
    patch: {
      op: "status",
      id: event.id,
      status: to.status,
      from: status,
      rev: rev + 1,
      at: new Date(nowMs).toISOString(),
      ...(by !== undefined && { by }),
      ...(until !== undefined && { until }),
      ...(note !== undefined && { note }),
    },
  };
}

/** Who has a claim that holds. */
function holderOf(state: EventState, nowMs: number): string | undefined {
  return state.status === "processing" && !hasLapsed(state, nowMs) ? state.by : undefined;
}

function heldBy({ by, until }: EventState): string {
  if (by === undefined) return "somebody is working on it; give it back first: devmux queue release";
  return until === undefined ? `${by} is working on it` : `${by} is working on it, until ${until}`;
}
