// Reads the lines of a file that others append to, replace, truncate or remove, and goes on reading as they come.

import { watch } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";

export interface TailOptions {
  /** Goes on until it aborts; without it, reading ends at the end of the file. */
  readonly follow?: AbortSignal;
}

const chunkBytes = 64 * 1024;
/** The file system tells of changes; where it does not (network, container mounts), this finds them. */
const pollMs = 500;
/** A line of the queue is at most 256 KiB; a longer one is none of its, and must not fill the memory. */
const maxLineChars = 4 * 1024 * 1024;

/** Complete lines without their LF, several at a time. Throws ENOENT where there is no file and nobody follows. */
export async function* tailLines(path: string, { follow }: TailOptions = {}): AsyncGenerator<readonly string[]> {
  let current = await openOrAbsent(path, follow !== undefined);
  try {
    for (;;) {
      if (current !== undefined) {
        for await (const lines of readToEnd(current)) yield lines;
      }
      if (follow === undefined || follow.aborted) return;
      const next = await whatIsThere(path, current);
      if (next === "same") await change(path, follow);
      else {
        // What was written to the old file up to now belongs to it, also when its name has gone.
        if (current !== undefined && next !== "truncated") for await (const lines of readToEnd(current)) yield lines;
        await current?.handle.close();
        current = await openOrAbsent(path, true);
      }
    }
  } finally {
    await current?.handle.close();
  }
}

interface Open {
  readonly handle: FileHandle;
  /** `device:inode`, which a file keeps under any name. */
  readonly identity: string;
  readonly decoder: StringDecoder;
  position: number;
  rest: string;
}

async function openOrAbsent(path: string, mayBeAbsent: boolean): Promise<Open | undefined> {
  try {
    const handle = await open(path, "r");
    const { dev, ino } = await handle.stat();
    return { handle, identity: `${dev}:${ino}`, decoder: new StringDecoder("utf8"), position: 0, rest: "" };
  } catch (error) {
    if (mayBeAbsent && (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function* readToEnd(file: Open): AsyncGenerator<readonly string[]> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (;;) {
    const { bytesRead } = await file.handle.read(buffer, 0, chunkBytes, file.position);
    if (bytesRead === 0) return;
    file.position += bytesRead;
    const lines = (file.rest + file.decoder.write(buffer.subarray(0, bytesRead))).split("\n");
    file.rest = lines.pop() ?? "";
    if (file.rest.length > maxLineChars) file.rest = "";
    if (lines.length > 0) yield lines;
  }
}

/** `same`: nothing to reopen. `truncated`: the file that was read begins anew. `other`: its name means another file, or none. */
async function whatIsThere(path: string, current: Open | undefined): Promise<"same" | "truncated" | "other"> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return current === undefined ? "same" : "other";
  if (current === undefined || current.identity !== `${found.dev}:${found.ino}`) return "other";
  return found.size < current.position ? "truncated" : "same";
}

/** Resolves at the next change of the file's directory, or when it is time to look anyway. */
function change(path: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      watcher?.close();
      resolve();
    };
    const timer = setTimeout(done, pollMs);
    const watcher = watchDirectory(dirname(path), done);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}

function watchDirectory(directory: string, listener: () => void): ReturnType<typeof watch> | undefined {
  try {
    const watcher = watch(directory, listener);
    watcher.on("error", listener);
    return watcher;
  } catch {
    // It is not there yet, or cannot be watched: the timer looks.
    return undefined;
  }
}
