// The files that a file has become: renamed with the time before the extension, compressed in the background, pruned by count
// and age. The names are the Collector's: `data.jsonl` becomes `data-2026-01-31T05-02-14.173.jsonl`.

import { createReadStream, createWriteStream, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip, createZstdCompress } from "node:zlib";
import type { Settings } from "@chriscode/devmux-telemetry-server/component";
import { systemProblem } from "../files/problem.ts";
import type { Compression, FileConfig } from "./config.ts";

export interface Rotate {
  /** Renames the file, which must be closed; what is wrong, where it could not. */
  rotate(): string | undefined;
  /** Removes what is too old or too much. */
  prune(): void;
  /** Resolves when nothing is compressed any more, or gives up when `signal` aborts; what is half done is removed. */
  finish(signal: AbortSignal): Promise<void>;
}

const extensions: Readonly<Record<Compression, string>> = { none: "", gzip: ".gz", zstd: ".zst" };
const stamp = /-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}\.\d{3}/;

export function createRotation(
  path: string,
  { compression, rotation }: Pick<FileConfig, "compression" | "rotation">,
  settings: Settings,
  now: () => number = Date.now,
): Rotate {
  const stopping = new AbortController();
  let compressing: Promise<void> = Promise.resolve();
  const extension = extname(path);
  const stem = basename(path, extension);

  function nameFor(ms: number): string {
    for (let at = ms; ; at++) {
      const name = join(dirname(path), `${stem}-${timestamp(at, rotation.localTime)}${extension}`);
      const taken = Object.values(extensions).some((end) => statSync(name + end, { throwIfNoEntry: false }));
      if (!taken) return name;
    }
  }

  async function compress(name: string): Promise<void> {
    const target = `${name}${extensions[compression]}`;
    const partial = `${target}.partial`;
    try {
      const engine = compression === "gzip" ? createGzip() : createZstdCompress();
      const output = createWriteStream(partial, { mode: 0o600, flags: "wx" });
      await pipeline(createReadStream(name), engine, output, { signal: stopping.signal });
      renameSync(partial, target);
      rmSync(name);
    } catch (error) {
      rmSync(partial, { force: true });
      if (!stopping.signal.aborted)
        settings.log.warn(`${name} stays uncompressed: ${systemProblem(error, target).message}`);
    }
  }

  /** The newest first. */
  function backups(): string[] {
    const ours = (name: string) => {
      const rest = name.startsWith(`${stem}-`) ? name.slice(stem.length) : "";
      const found = stamp.exec(rest);
      const end = found?.index === 0 ? rest.slice(found[0].length) : undefined;
      return end !== undefined && Object.values(extensions).some((each) => end === extension + each);
    };
    return readdirSync(dirname(path)).filter(ours).sort().reverse();
  }

  function prune(): void {
    try {
      backups().forEach((name, index) => {
        const file = join(dirname(path), name);
        const { maxAgeMs, maxBackups } = rotation;
        const age = now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now());
        if (index < maxBackups && (maxAgeMs === undefined || age <= maxAgeMs)) return;
        rmSync(file, { force: true });
        settings.count("files_removed");
      });
    } catch (error) {
      settings.log.warn(`old files were not removed: ${systemProblem(error, path).message}`);
    }
  }

  return {
    rotate() {
      const name = nameFor(now());
      try {
        renameSync(path, name);
      } catch (error) {
        return systemProblem(error, path).message;
      }
      settings.count("files_rotated");
      if (compression !== "none") compressing = compressing.then(() => compress(name));
      prune();
      return undefined;
    },
    prune,
    async finish(signal) {
      const stop = () => stopping.abort();
      if (signal.aborted) stop();
      signal.addEventListener("abort", stop, { once: true });
      await compressing;
      signal.removeEventListener("abort", stop);
    },
  };
}

/** `2026-01-31T05-02-14.173` */
function timestamp(ms: number, localTime: boolean): string {
  const date = new Date(localTime ? ms - new Date(ms).getTimezoneOffset() * 60_000 : ms);
  return date.toISOString().slice(0, -1).replaceAll(":", "-");
}
