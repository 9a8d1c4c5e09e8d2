// How long a stop may take; the collector keeps to it, and who stops it waits for it.

/** Everything accepted is delivered, or counted as dropped, within this time: longer than a retry, shorter than patience. */
export const drainDeadlineMs = 5_000;
