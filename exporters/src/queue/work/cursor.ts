// A place in the queue that a program keeps as text, and by which it learns later what is new since.

import { hash } from "node:crypto";
import type { ReadPosition } from "./view.ts";

export interface Cursor {
  /** When it was made. Unix milliseconds. */
  readonly timeMs: number;
  /** Where the file was read up to; undefined where there was none. */
  readonly position: CursorPosition | undefined;
}

export interface CursorPosition {
  readonly device: number;
  readonly inode: number;
  readonly offset: number;
  /** Tells whether the bytes before it are still the same. */
  readonly check: string;
}

const checkChars = 12;

/** `q1-…`: letters, digits and `-` only. */
export function cursorText({ timeMs, position }: Cursor): string {
  const numbers = position === undefined ? [timeMs] : [timeMs, position.device, position.inode, position.offset];
  const parts = numbers.map((number) => number.toString(36));
  return ["q1", ...parts, ...(position === undefined ? [] : [position.check])].join("-");
}

/** undefined for what is no cursor. */
export function parseCursor(text: string): Cursor | undefined {
  const match = /^q1-([0-9a-z]{1,11})(?:-([0-9a-z]{1,13})-([0-9a-z]{1,13})-([0-9a-z]{1,11})-([0-9a-f]{12}))?$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [, time = "", device, inode, offset, check] = match;
  const timeMs = Number.parseInt(time, 36);
  if (device === undefined || inode === undefined || offset === undefined || check === undefined)
    return { timeMs, position: undefined };
  const [deviceNumber, inodeNumber, offsetNumber] = [device, inode, offset].map((part) => Number.parseInt(part, 36));
  return {
    timeMs,
    position: { device: deviceNumber!, inode: inodeNumber!, offset: offsetNumber!, check },
  };
}

export function positionOf({ device, inode, offset, before }: ReadPosition): CursorPosition {
  return { device, inode, offset, check: checkOf(before) };
}

export function checkOf(before: Uint8Array): string {
  return hash("sha256", Buffer.from(before)).slice(0, checkChars);
}
