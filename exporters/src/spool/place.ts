// Where a stream lives: its files, and its place in tmux. A stream's name comes from outside; the names made here hold letters,
// digits, `-` and `_` only, and two streams never share one.

import { hash } from "node:crypto";
import { join, resolve } from "node:path";

export interface StreamPlace {
  readonly stream: string;
  /** Every record, one JSON object a line. */
  readonly spoolPath: string;
  /** What the spool was called until it was full. */
  readonly olderSpoolPath: string;
  /** The lines that a pane shows. */
  readonly viewPath: string;
  readonly olderViewPath: string;
  readonly ledgerPath: string;
  /** Holds the stream's name, which the other names have lost, and what else is known of it. */
  readonly aboutPath: string;
  /** `^[a-z][a-z0-9_-]{0,40}$`, then `-` and 12 hexadecimal digits. */
  readonly sessionName: string;
  /** Of the stream's window in a session that several share: letters, digits, `-` and `_`. */
  readonly windowName: string;
  /** The value of the option that tells a pane of ours from one that only looks like it. */
  readonly mark: string;
}

export interface StateDirectory {
  readonly stateDir: string;
}

/** So that `devmux-` and it are at most 41 characters. */
const maxSlugChars = 34;
const hashChars = 12;

/** The spool last: as long as it is there, whoever deletes a stream's files finds the others too. */
export const endings = {
  about: ".stream",
  ledger: ".ledger",
  view: ".log",
  spool: ".jsonl",
} as const;
/** Of the file before, where a full one was renamed. */
export const olderEnding = ".1";

export function streamsDirectory({ stateDir }: StateDirectory): string {
  return join(resolve(stateDir), "streams");
}

export function placeOf(stream: string, state: StateDirectory): StreamPlace {
  const slug = slugOf(stream);
  const stem = join(streamsDirectory(state), `${slug}-${digest(stream)}`);
  const spoolPath = stem + endings.spool;
  const viewPath = stem + endings.view;
  // Two state directories may share one tmux server.
  const mark = digest(spoolPath);
  return {
    stream,
    spoolPath,
    olderSpoolPath: spoolPath + olderEnding,
    viewPath,
    olderViewPath: viewPath + olderEnding,
    ledgerPath: stem + endings.ledger,
    aboutPath: stem + endings.about,
    sessionName: `devmux-${slug}-${mark}`,
    windowName: slug,
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

/** 48 bits of it: names are told apart by them, nothing is kept secret. */
export function digest(text: string): string {
  return hash("sha256", text).slice(0, hashChars);
}
