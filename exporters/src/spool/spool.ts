// The file that holds a stream's records: whole, each once, bounded in bytes. When it is full it is renamed and a new one begins.

import type { StreamIdentity } from "@chriscode/devmux-telemetry-server/component";
import type { AppendEvent } from "../files/append-file.ts";
import { type Chunk, chunksOf, lengthsOf, linesWithin, maxWriteBytes } from "../files/chunks.ts";
import type { FileProblem } from "../files/problem.ts";
import { createRotatingFile } from "../files/rotating-file.ts";
import { saveAbout } from "./about.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { placeOf, type StateDirectory, type StreamPlace } from "./place.ts";

export interface Spool {
  readonly place: StreamPlace;
  /** The record with this key is in the spool, or was. */
  has(key: string): boolean;
  /**
   * Appends records: their lines, each ended by LF, and their keys ("" for one that cannot be recognised again).
   * `written` counts the records that are in the spool, also where the rest could not be written.
   */
  append(lines: readonly string[], keys: readonly string[]): SpoolAppended;
  /** Gives its descriptors and its memory back; the next use takes them again. */
  close(): void;
}

export interface SpoolAppended {
  readonly written: number;
  readonly problem: FileProblem | undefined;
}

export interface SpoolOptions extends StateDirectory {
  readonly maxBytes: number;
  readonly onEvent: (event: AppendEvent) => void;
}

export function createSpool(identity: StreamIdentity, { stateDir, maxBytes, onEvent }: SpoolOptions): Spool {
  const place = placeOf(identity.name, { stateDir });
  const { spoolPath: path, olderSpoolPath: olderPath } = place;
  const file = createRotatingFile({ path, olderPath, maxBytes, onEvent });
  const writeBytes = Math.min(maxWriteBytes, maxBytes);
  let opened: Ledger | undefined;
  let named = false;

  /** Read before anything is appended: what it says is judged by the spool's size. */
  function ledgerOf(): Ledger {
    opened ??= openLedger(place);
    return opened;
  }

  /** How many of the chunk's records were written. */
  function write(keys: readonly string[], chunk: Chunk): SpoolAppended {
    const ledger = ledgerOf();
    const at = file.prepare(chunk.bytes.length);
    if (!at.ok) return { written: 0, problem: at.problem };
    if (!named) named = saveAbout(place, identity);
    const noted = ledger.inDoubt || keys.some((key) => key !== "");
    if (noted) {
      const problem = ledger.intend(at.inode, at.offset, keys.slice(chunk.start, chunk.end), lengthsOf(chunk.bytes));
      if (problem !== undefined) return { written: 0, problem };
    }
    const appended = file.append(chunk.bytes);
    const written = linesWithin(chunk, appended.written);
    if (noted) ledger.settle(written);
    return { written, problem: appended.problem };
  }

  return {
    place,
    has: (key) => ledgerOf().has(key),
    append(lines, keys) {
      let total = 0;
      for (const chunk of chunksOf(lines, writeBytes)) {
        const { written, problem } = write(keys, chunk);
        total += written;
        if (problem !== undefined) return { written: total, problem };
      }
      return { written: total, problem: undefined };
    },
    close() {
      file.close();
      opened?.close();
      // Read again when it is needed: a stream that is quiet costs no memory.
      opened = undefined;
    },
  };
}
