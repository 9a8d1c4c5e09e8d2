// The spools of this run: one for each stream, bounded in number, with few files open at once.

import type { AppendEvent } from "../files/append-file.ts";
import { placeOf } from "./place.ts";
import { createSpool, type Spool } from "./spool.ts";

export interface SpoolSet {
  /** The spool of a stream; the shared one of `other` when there are too many streams. */
  of(stream: string): Spool;
  close(): void;
}

export interface SpoolSetOptions {
  readonly stateDir: string;
  readonly maxSpoolBytes: number;
  readonly maxStreams: number;
  readonly onEvent: (event: AppendEvent) => void;
}

/** Two descriptors each, of the 256 that a process has on macOS; and up to 1 MB of keys. */
const maxOpen = 48;
const overflowStream = "other";

export function createSpoolSet({ stateDir, maxSpoolBytes, maxStreams, onEvent }: SpoolSetOptions): SpoolSet {
  const spools = new Map<string, Spool>();
  /** Least recently used first. */
  const open = new Set<Spool>();

  function find(stream: string): Spool {
    const known = spools.get(stream);
    if (known !== undefined) return known;
    if (spools.size >= maxStreams && stream !== overflowStream) return find(overflowStream);
    const spool = createSpool(placeOf(stream, { stateDir }), { maxBytes: maxSpoolBytes, onEvent });
    spools.set(stream, spool);
    return spool;
  }

  return {
    of(stream) {
      const spool = find(stream);
      open.delete(spool);
      open.add(spool);
      for (const oldest of open) {
        if (open.size <= maxOpen) break;
        oldest.close();
        open.delete(oldest);
      }
      return spool;
    },
    close() {
      for (const spool of open) spool.close();
      open.clear();
    },
  };
}
