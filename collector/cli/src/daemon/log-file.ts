// The collector's own log as a file that does not grow for ever: past its size it is copied to `<file>.1` and emptied. Emptied, not
// renamed: the process, and what ends it with a stack, hold the file open as their stderr.

import { copyFileSync, statSync, truncateSync } from "node:fs";
import type { Output } from "../shell.ts";

/** It grows by some lines for each start and each fault; a fault a second fills this in a day. */
export const maxLogBytes: number = 5 * 1024 * 1024;

/** `output` must append to the file at `path`. */
export function rotating(output: Output, path: string, maxBytes: number = maxLogBytes): Output {
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;

  function rotate(): void {
    try {
      copyFileSync(path, `${path}.1`);
      truncateSync(path);
    } catch {
      // A log that cannot be rotated (a full disk) is no reason to stop; it is tried again after as much more.
    }
    size = 0;
  }

  return {
    write(text) {
      if (size > 0 && size + Buffer.byteLength(text) > maxBytes) rotate();
      size += Buffer.byteLength(text);
      return output.write(text);
    },
  };
}
