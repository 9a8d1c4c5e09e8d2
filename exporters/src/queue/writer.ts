// Writes lines so that readers find them: where the file was replaced or pruned at the same moment, they are written again.

import { type FileProblem, fileProblem } from "../files/problem.ts";
import { type Entry, reopeningLine } from "./entry.ts";
import type { Journal, Upheaval } from "./journal.ts";
import { keyOfId, type Memory } from "./memory.ts";
import { patchLine, type SeenPatch } from "./work/patch.ts";

export interface Writer {
  /** What is not in the file, and why. */
  write(entries: readonly Entry[]): { readonly unwritten: readonly Entry[]; readonly problem: FileProblem | undefined };
  /** All of them or, with a problem, perhaps some: each counts once. */
  writeSeen(patches: readonly SeenPatch[]): FileProblem | undefined;
}

/** A program that replaces the file all the time is waited for. */
const attempts = 5;

/** `onAgain` is told how many lines have to be written once more. */
export function createWriter(journal: Journal, memory: Memory, onAgain: (lines: number) => void): Writer {
  /** The entry in the form in which it has to be written once more; undefined where it is as it should be. */
  function again(entry: Entry, upheaval: Upheaval | undefined): Entry | undefined {
    if (upheaval !== undefined && !upheaval.hasEvent(entry.eventKey)) return entry.afresh?.() ?? entry;
    // In a file that was sealed only those find it who read that too.
    if (upheaval?.isMoved) return entry;
    if (entry.afresh === undefined) return undefined;
    const content = memory.content(entry.contentKey);
    // Somebody has resolved it at the same moment, before our line.
    const isStillClosed = content?.status === "resolved" && keyOfId(content.id) === entry.eventKey;
    return isStillClosed ? { ...entry, line: reopeningLine(content, Date.now()) } : undefined;
  }

  /** It was drafted for the file that was; what is known now was learnt of another. */
  function remember({ contentKey, content }: Entry): void {
    const known = memory.content(contentKey) ?? content;
    if (known !== undefined) memory.setContent(contentKey, known);
  }

  return {
    write(entries) {
      let waiting = entries;
      for (let attempt = 0; attempt < attempts; attempt++) {
        const { written, problem, upheaval } = journal.append(waiting.map(({ line }) => line));
        const mayBeLost = upheaval !== undefined || waiting.some(({ afresh }) => afresh !== undefined);
        const lost = mayBeLost ? waiting.slice(0, written).flatMap((entry) => again(entry, upheaval) ?? []) : [];
        if (lost.length > 0) onAgain(lost.length);
        waiting = [...lost, ...waiting.slice(written)];
        if (upheaval !== undefined) for (const entry of waiting) remember(entry);
        if (problem !== undefined || waiting.length === 0) return { unwritten: waiting, problem };
        const closed = journal.sync();
        if (closed !== undefined) return { unwritten: waiting, problem: closed };
      }
      return { unwritten: waiting, problem: fileProblem("REPLACED", journal.path) };
    },
    writeSeen(patches) {
      let waiting = patches;
      for (let attempt = 0; attempt < attempts && waiting.length > 0; attempt++) {
        const { written, problem, upheaval } = journal.append(waiting.map(patchLine));
        if (problem !== undefined) return problem;
        const isLost = ({ id }: SeenPatch) => upheaval?.isMoved === true && upheaval.hasEvent(keyOfId(id));
        const lost = waiting.slice(0, written).filter(isLost);
        waiting = [...lost, ...waiting.slice(written)];
        const closed = waiting.length > 0 ? journal.sync() : undefined;
        if (closed !== undefined) return closed;
      }
      return undefined;
    },
  };
}
