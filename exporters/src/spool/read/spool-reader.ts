// Reads the lines of one stream's spool, from the file before to the current one and on through every rotation, as `tail -F` does.

import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";

export interface SpoolPaths {
  readonly spoolPath: string;
  readonly olderSpoolPath: string;
}

export interface SpoolReader {
  /** The whole lines that are there now and were not read before, without their LF. */
  lines(): Generator<string>;
  /** Files that came and went while nobody read. */
  readonly missedFiles: number;
  close(): void;
}

/** Where to begin: in the file before, or in the current one. */
export interface SpoolStart {
  readonly file: "older" | "current";
  readonly offset: number;
}

interface Open {
  readonly fd: number;
  readonly inode: number;
  offset: number;
  /** The beginning of a line whose end was not there yet. */
  rest: string;
}

/** Read at once; a line that is longer is put together. */
const blockBytes = 256 * 1024;
const wholeSpool: SpoolStart = { file: "older", offset: 0 };

export function createSpoolReader(paths: SpoolPaths, start: SpoolStart = wholeSpool): SpoolReader {
  const { spoolPath, olderSpoolPath } = paths;
  const buffer = Buffer.allocUnsafe(blockBytes);
  let file: Open | undefined;
  let begun = false;
  let missedFiles = 0;

  function open(path: string, offset = 0): Open | undefined {
    try {
      const fd = openSync(path, "r");
      return { fd, inode: fstatSync(fd).ino, offset, rest: "" };
    } catch {
      return undefined;
    }
  }

  function close(): void {
    if (file !== undefined) closeSync(file.fd);
    file = undefined;
  }

  function begin(): void {
    if (start.file === "older") file = open(olderSpoolPath, start.offset) ?? open(spoolPath);
    else file = open(spoolPath, start.offset);
    begun = file !== undefined;
  }

  function* rest(open: Open): Generator<string> {
    const { size } = fstatSync(open.fd);
    if (size < open.offset) {
      // Somebody emptied it.
      open.offset = 0;
      open.rest = "";
    }
    for (;;) {
      const count = readSync(open.fd, buffer, 0, blockBytes, open.offset);
      if (count === 0) return;
      const end = wholeCharacters(buffer, count);
      if (end === 0) return;
      open.offset += end;
      const lines = (open.rest + buffer.toString("utf8", 0, end)).split("\n");
      open.rest = lines.pop() ?? "";
      yield* lines;
    }
  }

  /** The file that follows the one that was read to its end; undefined where that one is still written. */
  function next(open_: Open): Open | undefined {
    if (open_.inode === inodeOf(spoolPath)) return undefined;
    const older = inodeOf(olderSpoolPath);
    if (older === open_.inode || older === undefined) return open(spoolPath);
    missedFiles++;
    return open(olderSpoolPath);
  }

  return {
    *lines() {
      if (!begun) begin();
      while (file !== undefined) {
        yield* rest(file);
        const following = next(file);
        if (following === undefined) return;
        // Its last lines may have come between the two looks.
        yield* rest(file);
        close();
        file = following;
      }
    },
    get missedFiles() {
      return missedFiles;
    },
    close,
  };
}

/** The descriptor keeps its inode, so that no other file can have the number. */
function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** How many of the first `count` bytes are whole characters of UTF-8; what is cut is read again with its other part. */
function wholeCharacters(bytes: Buffer, count: number): number {
  let at = count;
  // At most three bytes follow the first one of a character.
  while (at > count - 4 && at > 0 && (bytes[at - 1]! & 0xc0) === 0x80) at--;
  return at > 0 && bytes[at - 1]! >= 0xc0 ? at - 1 : count;
}
