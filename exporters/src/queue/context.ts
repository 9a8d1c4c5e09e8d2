// The last records of each stream, to be said with an error that comes after them.

import type { QueueSeverity } from "@chriscode/devmux-telemetry-protocol";
import { createIsoTime } from "../text/clock.ts";

export interface Contexts {
  /** What is added to it counts from `keep` on. */
  of(stream: string): Context;
  keep(stream: string, context: Context): void;
}

export interface Context {
  add(timeMs: number, severity: QueueSeverity, text: string): void;
  /** `2026-11-21T12:34:56.789Z info the text`, the oldest first. */
  lines(): readonly string[];
}

/** Streams with a context; of a few hundred characters each line, 256 x 10 x 600 bytes are 1.5 MB. */
const maxStreams = 256;
/** One line of an editor; what a record says beyond it is in the queue itself. */
const maxChars = 300;

export function createContexts(maxLines: number): Contexts {
  const kept = new Map<string, Ring>();
  const isoTime = createIsoTime();
  return {
    of: (stream) => createContext(kept.get(stream) ?? emptyRing(maxLines), isoTime),
    keep(stream, context) {
      // The one that was used last is the last.
      kept.delete(stream);
      kept.set(stream, (context as OwnContext).ring);
      if (kept.size > maxStreams) for (const oldest of kept.keys()) return void kept.delete(oldest);
    },
  };
}

/** Arrays of their own for each field: nothing is made for a record that nobody will ask for. */
interface Ring {
  readonly times: number[];
  readonly severities: QueueSeverity[];
  readonly texts: string[];
  /** Where the next one goes. */
  next: number;
  count: number;
}

interface OwnContext extends Context {
  readonly ring: Ring;
}

function emptyRing(size: number): Ring {
  const times = Array<number>(size).fill(0);
  return { times, severities: times.map(() => "info" as const), texts: times.map(() => ""), next: 0, count: 0 };
}

function createContext(from: Ring, isoTime: (unixMs: number) => string): OwnContext {
  const { times, severities, texts, next, count } = from;
  const ring: Ring = { times: [...times], severities: [...severities], texts: [...texts], next, count };
  const size = times.length;
  return {
    ring,
    add(timeMs, severity, text) {
      if (size === 0) return;
      ring.times[ring.next] = timeMs;
      ring.severities[ring.next] = severity;
      ring.texts[ring.next] = shorten(text);
      ring.next = ring.next + 1 === size ? 0 : ring.next + 1;
      if (ring.count < size) ring.count++;
    },
    lines: () =>
      Array.from({ length: ring.count }, (_, index) => {
        const at = (ring.next - ring.count + index + size) % size;
        return `${isoTime(ring.times[at]!)} ${ring.severities[at]} ${ring.texts[at]}`;
      }),
  };
}

/** The first line, at most so long. */
function shorten(text: string): string {
  const end = text.indexOf("\n");
  if (text.length <= maxChars && end < 0) return text;
  const line = end < 0 ? text : text.slice(0, end);
  const kept = line.length <= maxChars ? line : line.slice(0, maxChars);
  // A copy: a part of a string keeps the whole in memory.
  return `${Buffer.from(kept).toString()}…(+${text.length - kept.length})`;
}
