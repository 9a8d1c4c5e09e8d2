// What is known of a stream apart from its records: its name, which its files' names have lost, and who writes it.

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { StreamIdentity } from "@chriscode/devmux-telemetry-server/component";
import type { StreamPlace } from "./place.ts";

/** `platform` is text here: the file is read from outside. */
export interface StreamAbout {
  readonly stream: string;
  readonly service: string;
  readonly platform: string;
}

/** Best effort: without it the stream is missing in a list, nothing else. True where it is there. */
export function saveAbout({ aboutPath }: StreamPlace, { name, service, platform }: StreamIdentity): boolean {
  const temporary = `${aboutPath}.${process.pid}`;
  try {
    if (existsSync(aboutPath)) return true;
    const about: StreamAbout = { stream: name, service, platform };
    writeFileSync(temporary, `${JSON.stringify(about)}\n`, { mode: 0o600 });
    // A reader finds all of it or nothing.
    renameSync(temporary, aboutPath);
    return true;
  } catch {
    rmSync(temporary, { force: true });
    return false;
  }
}

/** undefined where there is none, or what is there is no such file. */
export function readAbout(path: string): StreamAbout | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isAbout(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isAbout(value: unknown): value is StreamAbout {
  if (typeof value !== "object" || value === null) return false;
  const { stream, service, platform } = value as Partial<Record<keyof StreamAbout, unknown>>;
  return typeof stream === "string" && typeof service === "string" && typeof platform === "string";
}
