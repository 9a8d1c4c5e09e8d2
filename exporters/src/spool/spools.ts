// The spools of this run: one for each stream, bounded in number, with few files open at once.

import type { StreamIdentity } from "@chriscode/devmux-telemetry-server/component";
import type { AppendEvent } from "../files/append-file.ts";
import { createSpool, type Spool } from "./spool.ts";

/** What stands for one stream in this run: its spool, and whatever belongs to it. */
export interface StreamFiles {
  readonly spool: Spool;
  /** Gives back what is open; the next use takes it again. */
  close(): void;
}

export interface SpoolSet<Files extends StreamFiles> {
  /** The files of a stream; those of `other` when there are too many streams. */
  of(identity: StreamIdentity): Files;
  close(): void;
}

export interface SpoolSetOptions<Files extends StreamFiles> {
  readonly stateDir: string;
  readonly maxSpoolBytes: number;
  readonly maxStreams: number;
  readonly onEvent: (event: AppendEvent) => void;
  readonly open: (spool: Spool) => Files;
}

/** Three descriptors each, of the 256 that a process has on macOS; and up to 1 MB of keys. */
const maxOpen = 48;
const overflow: StreamIdentity = { name: "other", service: "other", platform: "otlp" };

export function createSpoolSet<Files extends StreamFiles>(options: SpoolSetOptions<Files>): SpoolSet<Files> {
  const { stateDir, maxSpoolBytes: maxBytes, maxStreams, onEvent } = options;
  const known = new Map<string, Files>();
  /** Least recently used first. */
  const open = new Set<Files>();

  function find(identity: StreamIdentity): Files {
    const found = known.get(identity.name);
    if (found !== undefined) return found;
    if (known.size >= maxStreams && identity.name !== overflow.name) return find(overflow);
    const files = options.open(createSpool(identity, { stateDir, maxBytes, onEvent }));
    known.set(identity.name, files);
    return files;
  }

  return {
    of(identity) {
      const files = find(identity);
      open.delete(files);
      open.add(files);
      for (const oldest of open) {
        if (open.size <= maxOpen) break;
        oldest.close();
        open.delete(oldest);
      }
      return files;
    },
    close() {
      for (const files of open) files.close();
      open.clear();
    },
  };
}
