// The lines of the queue that are no events but say something about one. What an event is now is the fold of its line and of
// its patches, in the order of the file.

import { jsonLine } from "../../text/json.ts";
import type { Status } from "./status.ts";

/**
 * The status changes. It counts only where the event is in the state that the writer saw: status `from`, and one revision
 * less than `rev`. So of two that change it at once the first in the file wins. A patch that somebody wrote by hand may leave
 * both out and then always counts.
 */
export interface StatusPatch {
  readonly op: "status";
  readonly id: string;
  readonly status: Status;
  readonly from?: string;
  readonly rev?: number;
  /** Who: an agent's name, `collector`, a person's. */
  readonly by?: string;
  /** ISO 8601, UTC. */
  readonly at?: string;
  /** When a claim ends that nobody renews. ISO 8601, UTC. */
  readonly until?: string;
  readonly note?: string;
  /** `seen_again`: it was resolved and has happened since. */
  readonly reason?: "seen_again";
}

/** The same content came again, `count` times. */
export interface SeenPatch {
  readonly op: "seen";
  readonly id: string;
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly lastSeen: string;
  /** Another one for each patch: the same patch twice counts once. */
  readonly key: string;
}

/** The file before this one was sealed, and what still matters of it was carried over into this one. */
export interface SealedPatch {
  readonly op: "sealed";
  readonly segment: number;
  readonly at: string;
}

export type Patch = StatusPatch | SeenPatch | SealedPatch;

export function patchLine(patch: Patch): string {
  return jsonLine(patch);
}

/** undefined for what is no patch, or not one that is understood. */
export function asPatch(value: Readonly<Record<string, unknown>>): Patch | undefined {
  switch (value.op) {
    case "status":
      return isText(value.id) && isStatus(value.status) ? { ...statusFields(value), op: "status" } : undefined;
    case "seen":
      return isText(value.id) && isText(value.lastSeen) && isText(value.key) && isCount(value.count)
        ? { op: "seen", id: value.id, count: value.count, lastSeen: value.lastSeen, key: value.key }
        : undefined;
    case "sealed":
      return isCount(value.segment)
        ? { op: "sealed", segment: value.segment, at: isText(value.at) ? value.at : "" }
        : undefined;
    default:
      return undefined;
  }
}

function statusFields(value: Readonly<Record<string, unknown>>): Omit<StatusPatch, "op"> {
  const { from, rev, by, at, until, note, reason } = value;
  return {
    id: value.id as string,
    status: value.status as Status,
    ...(isText(from) && { from }),
    ...(isCount(rev) && { rev }),
    ...(isText(by) && { by }),
    ...(isText(at) && { at }),
    ...(isText(until) && { until }),
    ...(isText(note) && { note }),
    ...(reason === "seen_again" && { reason }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isStatus(value: unknown): value is Status {
  return value === "pending" || value === "processing" || value === "resolved" || value === "dismissed";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
