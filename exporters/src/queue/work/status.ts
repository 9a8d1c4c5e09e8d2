// The states of an event, from the error that someone is to look at to the one that is done.

/** `pending -> processing -> resolved | dismissed`; back to `pending` when it is given back, or seen again after `resolved`. */
export type Status = (typeof statuses)[number];

export const statuses = ["pending", "processing", "resolved", "dismissed"] as const;

/** Somebody has yet to finish with it. A status that another program made up is its own business. */
export function isOpen(status: string): boolean {
  return status === "pending" || status === "processing";
}
