// Collects young garbage by the bytes that have come in. A batch is one large buffer behind a small object, and V8 counts the
// objects: by itself it waits until 64 MB of dead buffers are there, most of them old by then, and collects the whole heap for
// them, ten and more times a second under load.

import { type CollectGarbage, findCollectGarbage } from "./idle-memory.ts";

/**
 * More than what waits on its way to an OTLP backend (8 MiB, and a call), so that most of it is dead when this much more has come.
 * Measured at a million records a second through OTLP: 0.7 ms each 50 ms, and no other collection (collector/cli/bench/otlp.bench.mjs).
 */
const everyBytes = 16 * 1024 * 1024;

/** To be told of every batch. */
export function collectByBytes(find: () => CollectGarbage = findCollectGarbage): (bytes: number) => void {
  let bytesSince = 0;
  let collectGarbage: CollectGarbage | undefined;
  return (bytes) => {
    bytesSince += bytes;
    if (bytesSince < everyBytes) return;
    bytesSince = 0;
    collectGarbage ??= find();
    collectGarbage({ type: "minor", execution: "sync" });
  };
}
