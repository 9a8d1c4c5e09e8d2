// The streams' records on disk, for the command line.

export { visibleJson } from "../text/json.ts";
export type { StreamAbout } from "./about.ts";
export { streamsDirectory } from "./place.ts";
export { countSpool, type SpoolCount } from "./read/count.ts";
export { createTail, type Tail, type TailedLine, type TailOptions } from "./read/tail.ts";
export { createWanted, type Wanted, type Wish } from "./read/wanted.ts";
export { listStoredStreams, type StoredStream } from "./stored.ts";
export type { StoredEvent, StoredLine, StoredRecord } from "./stored-record.ts";
