// Where a stream lives: its files and its tmux session. A stream's name comes from outside; the names made here hold letters,
// digits, `-` and `_` only, and two streams never share one.

import { hash } from "node:crypto";
import { join, resolve } from "node:path";

export interface StreamPlace {
  readonly stream: string;
  readonly spoolPath: string;
  /** What the spool was called until it was full. */
  readonly olderSpoolPath: string;
  readonly ledgerPath: string;
  /** Holds the stream's name, which the other names have lost. */
  readonly namePath: string;
  /** `^[a-z][a-z0-9_-]{0,40}$`, then `-` and 12 hexadecimal digits. */
  readonly sessionName: string;
  /** The value of the session option that tells our session from one that only has its name. */
  readonly mark: string;
}

export interface StateDirectory {
  readonly stateDir: string;
}

/** So that `devmux-` and it are at most 41 characters. */
const maxSlugChars = 34;
const hashChars = 12;
const spoolEnding = ".log";
export const nameEnding = ".stream";

export function streamsDirectory({ stateDir }: StateDirectory): string {
  return join(resolve(stateDir), "streams");
}

export function placeOf(stream: string, state: StateDirectory): StreamPlace {
  const slug = slugOf(stream);
  const stem = join(streamsDirectory(state), `${slug}-${digest(stream)}`);
  const spoolPath = stem + spoolEnding;
  // Two state directories may share one tmux server.
  const mark = digest(spoolPath);
  return {
    stream,
    spoolPath,
    olderSpoolPath: `${spoolPath}.1`,
    ledgerPath: `${stem}.ledger`,
    namePath: stem + nameEnding,
    sessionName: `devmux-${slug}-${mark}`,
    mark,
  };
}

function slugOf(stream: string): string {
  const slug = stream
    .slice(0, 256)
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^[-_]+/, "")
    .slice(0, maxSlugChars)
    .replace(/[-_]+$/, "");
  return slug === "" ? "stream" : slug;
}

function digest(text: string): string {
  return hash("sha256", text).slice(0, hashChars);
}
