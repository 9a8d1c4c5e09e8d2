// Why a file cannot be used, in one line: what, where, and what to do about it.

export interface FileProblem {
  /** The system's error code, or one of ours where the system saw nothing wrong. */
  readonly code: string;
  readonly message: string;
}

const causes: { readonly [code: string]: readonly [cause: string, remedy: string] } = {
  ENOSPC: ["the disk is full", "free some space"],
  EDQUOT: ["the disk quota is used up", "free some space"],
  EFBIG: ["the file has reached the system's size limit", "raise the limit (ulimit -f) or move the file away"],
  EIO: ["the disk reports an input/output error", "check the disk"],
  EACCES: ["permission denied", "give yourself write permission on it and on its directory"],
  EPERM: ["the system does not permit it", "look at the owner and the attributes of the file (ls -l, lsattr)"],
  EROFS: ["the file system is read-only", "choose a path that can be written"],
  EISDIR: ["it is a directory", "move it away or choose another path"],
  ENOTDIR: ["a part of the path is not a directory", "choose another path"],
  EEXIST: ["a part of the path is not a directory", "choose another path"],
  ELOOP: ["it is a symbolic link, which is not followed", "put the real path into the configuration"],
  ENAMETOOLONG: ["the path is too long", "choose a shorter one"],
  EMFILE: ["too many files are open", "raise the limit (ulimit -n)"],
  ENFILE: ["too many files are open on this machine", "close some programs"],
  ENXIO: ["it is not a regular file", "move it away or choose another path"],
  NOT_A_FILE: ["it is not a regular file", "move it away or choose another path"],
  NOT_OURS: ["it belongs to another user", "choose another path"],
  OPEN_DIRECTORY: ["others may write to its directory", "run chmod go-w on the directory"],
  REPLACED: ["another program replaces it again and again", "find out which one does"],
  SHORT_WRITE: ["only a part of it was written, the disk is probably full", "free some space"],
};

export function fileProblem(code: string, path: string): FileProblem {
  const [cause, remedy] = causes[code] ?? [`the system says ${code}`, "look at the path"];
  return { code, message: `cannot write ${path}: ${cause}; ${remedy}` };
}

/** For what a call of node:fs threw. */
export function systemProblem(error: unknown, path: string): FileProblem {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : String(error);
  return fileProblem(code, path);
}

/** Not about this path: every other would fail as well, and it may pass by itself. */
export function isSystemWide({ code }: FileProblem): boolean {
  return systemWide.has(code);
}

const systemWide: ReadonlySet<string> = new Set([
  "ENOSPC",
  "EDQUOT",
  "EFBIG",
  "EIO",
  "EMFILE",
  "ENFILE",
  "SHORT_WRITE",
]);
