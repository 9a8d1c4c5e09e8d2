// What an earlier process has left of a queue: its segments, oldest first. What is damaged is stepped over and kept for a look;
// what is no segment at all is put aside. Opening never fails for what is in a file.

import { constants } from "node:fs";
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { addItems, totalItems } from "../../component/index.ts";
import { decodeMark, headBytes, type Mark, scanFrames, seedOf } from "./frame.ts";
import { createSegment, type Segment } from "./segment.ts";

export interface Recovered {
  readonly segments: Segment[];
  /** For the next segment. */
  readonly nextNumber: number;
  /** Files that were put aside, by their new names. */
  readonly quarantined: readonly string[];
}

const fileName = /^(\d{10})\.segment$/;

export function segmentPath(directory: string, number: number): string {
  return join(directory, `${String(number).padStart(10, "0")}.segment`);
}

/** A file that has been read and will be written again; nothing in it counts. */
export function sparePath(directory: string): string {
  return join(directory, "spare");
}

export async function recover(directory: string, name: string): Promise<Recovered> {
  const segments: Segment[] = [];
  const quarantined: string[] = [];
  const numbers = (await readdir(directory)).flatMap((file) => fileName.exec(file)?.[1] ?? []).map(Number);
  numbers.sort((a, b) => a - b);
  await rm(sparePath(directory), { force: true });
  for (const number of numbers) {
    const path = segmentPath(directory, number);
    const found = await recoverSegment(path, number, seedOf(name, number));
    if (found === "empty") await rm(path, { force: true });
    else if (found === "unreadable") quarantined.push(await quarantine(path));
    else segments.push(found);
  }
  return { segments, nextNumber: (numbers.at(-1) ?? 0) + 1, quarantined };
}

/** Out of the way and not lost: `<file>.corrupt-<time>`. Gives the new path. */
export async function quarantine(path: string): Promise<string> {
  const aside = `${path}.corrupt-${new Date().toISOString().replace(/[:.]/g, "-")}`;
  await rename(path, aside);
  return aside;
}

async function recoverSegment(path: string, number: number, seed: number): Promise<Segment | "empty" | "unreadable"> {
  const handle = await open(path, constants.O_RDWR | constants.O_NOFOLLOW).catch(() => undefined);
  if (handle === undefined) return "unreadable";
  const found = await readSegment(handle, path, number, seed).catch(() => "unreadable" as const);
  if (typeof found === "string") await handle.close();
  return found;
}

async function readSegment(
  handle: FileHandle,
  path: string,
  number: number,
  seed: number,
): Promise<Segment | "empty" | "unreadable"> {
  const file = await handle.stat();
  if (!file.isFile()) return "unreadable";
  const { size } = file;
  const head = await readUpTo(handle, headBytes);
  const sealed = decodeMark(head, "sealed", seed);
  const removed = decodeMark(head, "removed", seed) ?? start;
  const cut = sealed !== undefined && size < sealed.offset;
  const scan =
    sealed === undefined || cut || removed.gaps
      ? scanFrames(await readUpTo(handle, size), removed.offset, seed)
      : undefined;
  // Of what was cut off the number is known, where it was sealed.
  const items = { ...(cut ? sealed.items : (scan?.end.items ?? sealed?.items ?? start.items)) };
  if (scan !== undefined) addItems(items, scan.gone, -1);
  const end: Mark = { offset: scan?.end.offset ?? sealed?.offset ?? headBytes, items };
  const marked = sealed !== undefined || removed !== start;
  const behind = removed.offset >= end.offset;
  if (behind && totalItems(items) <= totalItems(removed.items)) {
    // Nothing waits in it. A head that says that there was more, or bytes that are of no file of ours, are worth a look.
    const strange = cut || (marked ? removed.offset > end.offset : scan?.frames === 0 && hasContent(head));
    return strange ? "unreadable" : "empty";
  }
  const from = behind ? { offset: end.offset, items: removed.items } : removed;
  const segment = createSegment({ handle, path, number, seed, end, removed: from, fileBytes: size, damaged: cut });
  if (sealed === undefined) await segment.seal();
  return segment;
}

const start: Mark = { offset: headBytes, items: { logs: 0, traces: 0, metrics: 0 } };

function hasContent(head: Buffer): boolean {
  return head.some((byte) => byte !== 0);
}

async function readUpTo(handle: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await handle.read(bytes, got, length - got, got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return bytes.subarray(0, got);
}
