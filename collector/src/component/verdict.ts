// What a consumer answers to a batch. Failure is a value: one file at each edge maps it to that edge's codes.

export type Verdict = Accepted | Retryable | Rejected;

/** The batch is taken. `refused` of its records were not, for `reason`, and must not be sent again. */
export interface Accepted {
  readonly kind: "accepted";
  readonly refused?: number;
  readonly reason?: string;
}

/** Nothing of the batch was taken; the same batch may be accepted later, not before `retryAfterMs`. */
export interface Retryable {
  readonly kind: "retryable";
  readonly reason: string;
  readonly retryAfterMs?: number;
}

/** Nothing of the batch was taken and the same batch will never be. */
export interface Rejected {
  readonly kind: "rejected";
  readonly reason: string;
}

export const accepted: Accepted = Object.freeze({ kind: "accepted" });

export function partlyAccepted(refused: number, reason: string): Accepted {
  return refused > 0 ? { kind: "accepted", refused, reason } : accepted;
}

export function retryable(reason: string, retryAfterMs?: number): Retryable {
  return retryAfterMs === undefined ? { kind: "retryable", reason } : { kind: "retryable", reason, retryAfterMs };
}

export function rejected(reason: string): Rejected {
  return { kind: "rejected", reason };
}
