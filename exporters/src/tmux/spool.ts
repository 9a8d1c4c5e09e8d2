// The file that a stream's pane shows: whole records, each once, bounded in bytes. When it is full it is renamed and a new one
// begins, which `tail -F` follows.

import { existsSync, renameSync, writeFileSync } from "node:fs";
import { type AppendEvent, createAppendFile } from "../files/append-file.ts";
import { bytesOf, type Chunk, chunksOf, maxWriteBytes, wholeLines } from "../files/chunks.ts";
import { type FileProblem, systemProblem } from "../files/problem.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import type { StreamPlace } from "./place.ts";

export interface Spool {
  readonly place: StreamPlace;
  /** The record with this key is in the spool, or was. */
  has(key: string): boolean;
  /**
   * Appends records: their text, which ends with LF, and their keys ("" for one that cannot be recognised again).
   * `written` counts the records that are in the spool, also where the rest could not be written.
   */
  append(
    texts: readonly string[],
    keys: readonly string[],
  ): { readonly written: number; readonly problem: FileProblem | undefined };
  /** Gives its descriptors and its memory back; the next use takes them again. */
  close(): void;
}

export interface SpoolOptions {
  readonly maxBytes: number;
  readonly onEvent: (event: AppendEvent) => void;
}

export function createSpool(place: StreamPlace, { maxBytes, onEvent }: SpoolOptions): Spool {
  const file = createAppendFile(place.spoolPath, onEvent);
  const writeBytes = Math.min(maxWriteBytes, maxBytes);
  let opened: Ledger | undefined;
  let named = false;

  /** Read before anything is appended: what it says is judged by the spool's size. */
  function ledgerOf(): Ledger {
    opened ??= openLedger(place);
    return opened;
  }

  /** Where the next line will stand, with room for `bytes`. */
  function prepare(bytes: number) {
    const at = file.check();
    if (!at.ok || at.offset === 0 || at.offset + bytes <= maxBytes) return at;
    file.close();
    try {
      renameSync(place.spoolPath, place.olderSpoolPath);
    } catch (error) {
      return { ok: false, problem: systemProblem(error, place.spoolPath) } as const;
    }
    return file.check();
  }

  /** How many of the chunk's records were written. */
  function write(texts: readonly string[], keys: readonly string[], chunk: Chunk) {
    const ledger = ledgerOf();
    const at = prepare(chunk.bytes);
    if (!at.ok) return { written: 0, problem: at.problem };
    if (!named) named = saveName(place);
    const noted = ledger.inDoubt || keys.some((key) => key !== "");
    if (noted) {
      const problem = ledger.intend(at.inode, at.offset, keys.slice(chunk.start, chunk.end), chunk.lengths);
      if (problem !== undefined) return { written: 0, problem };
    }
    const appended = file.append(bytesOf(texts, chunk));
    const written = wholeLines(chunk.lengths, appended.written);
    if (noted) ledger.settle(written);
    return { written, problem: appended.problem };
  }

  return {
    place,
    has: (key) => ledgerOf().has(key),
    append(texts, keys) {
      let total = 0;
      for (const chunk of chunksOf(texts, writeBytes)) {
        const { written, problem } = write(texts, keys, chunk);
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

/** Best effort: without it the stream is missing in a list, nothing else. */
function saveName({ namePath, stream }: StreamPlace): boolean {
  try {
    if (!existsSync(namePath)) writeFileSync(namePath, `${JSON.stringify(stream)}\n`, { flag: "wx", mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}
