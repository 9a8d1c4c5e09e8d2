// The segments of one store on the disk, oldest first: which is written, which is read, which file is used again.

import { constants } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { totalItems } from "../../component/index.ts";
import { headBytes, seedOf } from "./frame.ts";
import { quarantine, type Recovered, segmentPath, sparePath } from "./recover.ts";
import { createSegment, type Segment } from "./segment.ts";

export interface SegmentsOptions {
  readonly directory: string;
  readonly name: string;
  readonly segmentBytes: number;
  readonly sync: boolean;
  /** Throws where a file must not grow by so many bytes. */
  mayGrow(bytes: number): Promise<void>;
}

export interface Segments {
  readonly segmentBytes: number;
  /** Oldest first. */
  readonly all: readonly Segment[];
  /** Bytes that wait. */
  waitingBytes(): number;
  /** The oldest with something to take. */
  readable(): Segment | undefined;
  /** The one for a group of so many bytes. */
  writable(bytes: number): Promise<Segment>;
  /** No more is written to this one: it cannot be known what of a failed group is on the disk. */
  abandon(segment: Segment): Promise<void>;
  /** The disk is full: makes the file that is being written free to be written again, where all of it has been read. */
  reclaim(): Promise<boolean>;
  /** Removes the files of segments that are behind us. A damaged one is put aside; gives the new names. */
  retire(): Promise<string[]>;
  /** Closes everything; where nothing waits, no file is left. */
  close(): Promise<void>;
}

export function createSegments(found: Recovered, options: SegmentsOptions): Segments {
  const { directory, name, segmentBytes, sync } = options;
  const segments = [...found.segments];
  let { nextNumber } = found;
  let active: Segment | undefined;
  let retiring: Promise<void> = Promise.resolve();
  const aside: string[] = [];
  /** Has its place on the disk already: syncing it is ten times cheaper, and it is there when the disk is full. */
  let spare: { readonly handle: FileHandle; readonly fileBytes: number } | undefined;

  async function create(): Promise<Segment> {
    const number = nextNumber++;
    const path = segmentPath(directory, number);
    const reused = spare;
    spare = undefined;
    const handle = reused?.handle ?? (await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600));
    const seed = seedOf(name, number);
    const begin = { offset: headBytes, items: { logs: 0, traces: 0, metrics: 0 } };
    const fileBytes = reused?.fileBytes ?? 0;
    const segment = createSegment({
      handle,
      path,
      number,
      seed,
      end: begin,
      removed: begin,
      fileBytes,
      damaged: false,
    });
    if (reused !== undefined) {
      await handle.write(Buffer.alloc(headBytes), 0, headBytes, 0);
      await rename(sparePath(directory), path);
    }
    if (sync) await syncDirectory(directory);
    return segment;
  }

  /** Keeps the file for the next segment, or removes it. */
  async function release(segment: Segment): Promise<void> {
    const { handle, fileBytes, path } = segment;
    await segment.idle();
    if (spare === undefined && fileBytes <= 2 * segmentBytes) {
      await rename(path, sparePath(directory));
      spare = { handle, fileBytes };
      return;
    }
    await segment.close();
    await rm(path, { force: true });
  }

  async function retireNow(): Promise<void> {
    for (const segment of segments.filter((each) => each !== active && isBehind(each))) {
      segments.splice(segments.indexOf(segment), 1);
      if (segment.damaged) {
        await segment.close();
        aside.push(await quarantine(segment.path));
      } else await release(segment);
    }
  }

  /** One at a time. */
  function retire(): Promise<void> {
    retiring = retiring.catch(() => undefined).then(retireNow);
    return retiring;
  }

  return {
    segmentBytes,
    all: segments,
    waitingBytes: () => segments.reduce((sum, { end, readAt }) => sum + end - readAt, 0),
    readable: () => segments.find(({ readAt, end }) => readAt < end),
    async writable(bytes) {
      if (active !== undefined && active.end > headBytes && active.end + bytes > segmentBytes) {
        await active.seal();
        active = undefined;
      }
      const growth = (active?.end ?? headBytes) + bytes - (active?.fileBytes ?? spare?.fileBytes ?? 0);
      if (growth > 0) await options.mayGrow(growth);
      if (active === undefined) {
        active = await create();
        // Only now: until it is the active one, an empty segment is one that is done with.
        segments.push(active);
      }
      return active;
    },
    async abandon(segment) {
      if (active === segment) active = undefined;
      await segment.seal();
    },
    async reclaim() {
      if (active === undefined || active.end === headBytes || !isBehind(active)) return false;
      active = undefined;
      await retire();
      return true;
    },
    async retire() {
      await retire();
      return aside.splice(0);
    },
    async close() {
      for (const segment of segments) {
        if (segment === active) await segment.seal();
        await segment.close();
        if (isBehind(segment) && !segment.damaged && totalItems(segment.waiting()) === 0)
          await rm(segment.path, { force: true });
      }
      await spare?.handle.close();
      await rm(sparePath(directory), { force: true });
    },
  };
}

function isBehind({ readAt, end, inFlight }: Segment): boolean {
  return readAt >= end && inFlight === 0;
}

/** A new name is on the disk only with its directory. Windows has no such call, and needs none. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}
