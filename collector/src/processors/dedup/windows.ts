// The records that were seen, each with a window of time in which it does not pass again, and the last of its repeats.

import { Logs } from "@chriscode/devmux-telemetry-protocol";

/** Repeats of one record that nobody was told of yet. */
export interface Repeats {
  count: number;
  /** Milliseconds of the first and of the last of them. */
  firstMs: number;
  lastMs: number;
  /** The last of them, alone in its batch. */
  held: Logs;
}

export interface Window {
  readonly key: string;
  /** Monotonic milliseconds. */
  readonly endsAt: number;
  repeats: Repeats | undefined;
}

export interface Windows {
  has(key: string): boolean;
  readonly bytes: number;
  readonly size: number;
  /** When the next one ends. */
  readonly nextEnd: number | undefined;
  /** Begins a window, where there is none. */
  open(key: string, now: number): void;
  /** Adds repeats; begins a window where the one that they came in has ended. Gives how many held records it replaced. */
  add(key: string, repeats: Repeats, now: number): number;
  /** Removes and gives the oldest. */
  shift(): Window | undefined;
}

/** What an entry costs beside its key and record. */
const entryBytes = 200;

export function createWindows(intervalMs: number): Windows {
  // In the order in which they end: each lasts equally long.
  const windows = new Map<string, Window>();
  let bytes = 0;

  const sizeOf = ({ key, repeats }: Window) => entryBytes + key.length + (repeats?.held.byteLength ?? 0);

  function open(key: string, now: number): Window {
    const known = windows.get(key);
    if (known !== undefined) return known;
    const window: Window = { key, endsAt: now + intervalMs, repeats: undefined };
    windows.set(key, window);
    bytes += sizeOf(window);
    return window;
  }

  return {
    has: (key) => windows.has(key),
    get bytes() {
      return bytes;
    },
    get size() {
      return windows.size;
    },
    get nextEnd() {
      return windows.values().next().value?.endsAt;
    },
    open: (key, now) => void open(key, now),
    add(key, repeats, now) {
      const window = open(key, now);
      bytes -= sizeOf(window);
      const before = window.repeats;
      window.repeats = before === undefined ? repeats : joined(before, repeats);
      bytes += sizeOf(window);
      return before === undefined ? 0 : 1;
    },
    shift() {
      const window: Window | undefined = windows.values().next().value;
      if (window === undefined) return undefined;
      windows.delete(window.key);
      bytes -= sizeOf(window);
      return window;
    },
  };
}

function joined(before: Repeats, after: Repeats): Repeats {
  return {
    count: before.count + after.count,
    firstMs: Math.min(before.firstMs, after.firstMs),
    lastMs: Math.max(before.lastMs, after.lastMs),
    held: after.lastMs >= before.lastMs ? after.held : before.held,
  };
}

/** Records of a batch, each in a batch of its own with none of the bytes of the others, by their places. */
export function alone(batch: Logs, places: readonly number[]): Map<number, Logs> {
  const ordered = [...places].sort((a, b) => a - b);
  const wanted = new Set(ordered);
  let at = 0;
  const parts = batch.select(() => wanted.has(at++)).split({ maxRecords: 1 });
  return new Map(ordered.map((place, index) => [place, Logs.fromProtobuf(parts[index]!.encode().slice())]));
}
