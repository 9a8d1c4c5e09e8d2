// Opens a file to append to, refusing everything that is not a plain file of ours: a symbolic link, a FIFO (which would
// hang), a directory, someone else's file, a directory that others may write to. The file is 0600, new directories 0700.

import { closeSync, constants, fchmodSync, fstatSync, mkdirSync, openSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { type FileProblem, fileProblem, systemProblem } from "./problem.ts";

export type Opened =
  | { readonly ok: true; readonly fd: number; readonly stats: Stats }
  | { readonly ok: false; readonly problem: FileProblem };

// O_NOFOLLOW and O_NONBLOCK do not exist on Windows, where there are neither FIFOs nor links without a privilege.
const flags =
  constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export function openToAppend(path: string): Opened {
  const directory = dirname(path);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (isOpenToOthers(statSync(directory))) return { ok: false, problem: fileProblem("OPEN_DIRECTORY", path) };
    const fd = openSync(path, flags, 0o600);
    const refusal = secure(fd);
    if (refusal === undefined) return { ok: true, fd, stats: fstatSync(fd) };
    closeSync(fd);
    return { ok: false, problem: fileProblem(refusal, path) };
  } catch (error) {
    return { ok: false, problem: systemProblem(error, path) };
  }
}

/** Makes an open file private; the code of the problem where it is not ours to make so. */
function secure(fd: number): string | undefined {
  const stats = fstatSync(fd);
  if (!stats.isFile()) return "NOT_A_FILE";
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  if (stats.uid !== user) return "NOT_OURS";
  if ((stats.mode & 0o777) !== 0o600) fchmodSync(fd, 0o600);
  return undefined;
}

/**
 * Whoever may write to a directory may replace the files in it. Not so where it is sticky (/tmp); and a group of the user's
 * own number is, by the convention of user private groups, the user alone.
 */
function isOpenToOthers(directory: Stats): boolean {
  if (process.geteuid === undefined || (directory.mode & constants.S_IFMT) !== constants.S_IFDIR) return false;
  if ((directory.mode & 0o1000) !== 0) return false;
  const group = (directory.mode & 0o020) !== 0 && directory.gid !== directory.uid;
  return group || (directory.mode & 0o002) !== 0;
}
