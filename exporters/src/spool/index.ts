// The streams' records on disk, for the command line.

export type { StreamAbout } from "./about.ts";
export { streamsDirectory } from "./place.ts";
export { listStoredStreams, type StoredStream } from "./stored.ts";
export type { StoredEvent, StoredLine, StoredRecord } from "./stored-record.ts";
