// Whether an event is new since a cursor, wherever the queue's files have gone meanwhile.

import { bytesBefore, openFile, readLines } from "../lines.ts";
import { type Cursor, type CursorPosition, checkOf } from "./cursor.ts";
import { createFold, type EventState, type Fold } from "./fold.ts";
import type { Segment } from "./segments.ts";
import { anchorBytes, type QueueView } from "./view.ts";

export interface Since {
  isNew(state: EventState): boolean;
  /** The cursor's file has gone: what is new is told by its time alone, and may come twice. */
  readonly isGone: boolean;
}

/**
 * A program writes down a time a moment before the line that says it is in the file, and without a place there is only the time
 * to go by: better twice than not at all.
 */
const slackMs = 2_000;

/** `view` must have been read. */
export async function sinceCursor(view: QueueView, cursor: Cursor): Promise<Since> {
  const { position } = cursor;
  const byTime = (slack: number) => {
    const from = new Date(Math.max(0, cursor.timeMs - slack)).toISOString();
    return (state: EventState) => state.newAt > from;
  };
  if (position === undefined) return { isNew: () => true, isGone: false };
  const active = view.segments.length;
  for (const [index, segment] of view.segments.entries()) {
    if (!(await isAt(segment, position))) continue;
    const here = index + 1;
    const older = here < active ? await foldOf(segment) : undefined;
    const isNew = (state: EventState): boolean => {
      const { newPlace, newAt, event } = state;
      if (newPlace?.segment === here) return newPlace.end > position.offset;
      // A late line of a file that is history has its time only.
      if (newPlace !== undefined) return newPlace.segment === active || byTime(0)(state);
      if (older === undefined) return byTime(0)(state);
      // Carried over: the file before knows where it was news.
      const then = older.get(event.id);
      if (then === undefined) return true;
      return then.newAt === newAt && then.newPlace !== undefined
        ? then.newPlace.end > position.offset
        : byTime(0)(state);
    };
    return { isNew, isGone: false };
  }
  return { isNew: byTime(slackMs), isGone: true };
}

/** Whether this is the file of the position, and what stood before it stands there still. */
async function isAt({ path }: Segment, position: CursorPosition): Promise<boolean> {
  const file = await openFile(path);
  if (file === undefined) return false;
  try {
    const { dev, ino, size } = file.stats;
    if (dev !== position.device || ino !== position.inode || size < position.offset) return false;
    return checkOf(await bytesBefore(file.handle, position.offset, anchorBytes)) === position.check;
  } finally {
    await file.handle.close();
  }
}

/** What a file says, all of it. Empty where it has gone meanwhile. */
async function foldOf({ path, number }: Segment): Promise<Fold> {
  const fold = createFold({ withoutInfo: true });
  const file = await openFile(path);
  if (file === undefined) return fold;
  try {
    await readLines(file.handle, 0, ({ text, end }) => fold.add(text, { segment: number, end }), {
      leavesOut: fold.leavesOut,
    });
    return fold;
  } finally {
    await file.handle.close();
  }
}
