// An append file of bounded size: when it is full it is renamed, over the one before, and a new one begins. `tail -F` follows.

import { renameSync } from "node:fs";
import { type AppendEvent, type Appended, type Checked, createAppendFile } from "./append-file.ts";
import { systemProblem } from "./problem.ts";

export interface RotatingFile {
  /** Where the next line will stand, with room for `bytes`. To be called before each `append`. */
  prepare(bytes: number): Checked;
  /** `bytes` must end with LF. */
  append(bytes: Uint8Array): Appended;
  /** The next `prepare` opens it again. */
  close(): void;
}

export interface RotatingFileOptions {
  readonly path: string;
  readonly olderPath: string;
  /** One append that is larger than this is a file of its own. */
  readonly maxBytes: number;
  readonly onEvent: (event: AppendEvent) => void;
}

export function createRotatingFile({ path, olderPath, maxBytes, onEvent }: RotatingFileOptions): RotatingFile {
  const file = createAppendFile(path, onEvent);
  return {
    prepare(bytes) {
      const at = file.check();
      if (!at.ok || at.offset === 0 || at.offset + bytes <= maxBytes) return at;
      file.close();
      try {
        renameSync(path, olderPath);
      } catch (error) {
        return { ok: false, problem: systemProblem(error, path) };
      }
      return file.check();
    },
    append: file.append,
    close: file.close,
  };
}
