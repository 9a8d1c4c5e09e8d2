// Which panes are watched: one small JSON file for each in <stateDir>/panes, written by who opens the pipe and read by the
// receiver; beside it the segments that the pipe writes. Names here are ours: letters, digits, `_` and `-`.

import { hash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type OwnPattern, ownPatternSchema, type PatternSet, patternSetNames } from "./patterns/own.ts";

export interface PaneSource {
  /** `service.name` of its records. */
  readonly service: string;
  /** Unix milliseconds at which the pipe was opened; the segments of one pipe carry it in their names. */
  readonly run: number;
  /** False once the pipe was closed: what it wrote is read to the end, and then forgotten. */
  readonly active: boolean;
  readonly sets: readonly PatternSet[];
  readonly patterns: readonly OwnPattern[];
}

const sourceSchema: z.ZodType<PaneSource> = z.object({
  service: z.string().min(1).max(256),
  run: z.int().positive(),
  active: z.boolean(),
  sets: z.array(z.enum(patternSetNames)),
  patterns: z.array(ownPatternSchema).max(100),
});

export function panesDirectory(stateDir: string): string {
  return join(resolve(stateDir), "panes");
}

/** The name under which a service's files stand. `owner` tells the services of one project from those of another. */
export function paneStem(owner: string, service: string): string {
  const slug = service
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^[-_]+/, "")
    .slice(0, 30);
  return `${slug === "" ? "service" : slug}-${hash("sha256", `${owner}\0${service}`).slice(0, 12)}`;
}

/** What stands before `<n>.log` in the path of a segment. */
export function segmentPrefix(stateDir: string, stem: string, run: number): string {
  return join(panesDirectory(stateDir), `${stem}-${run}-`);
}

export function writePaneSource(stateDir: string, stem: string, source: PaneSource): void {
  const directory = panesDirectory(stateDir);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeWhole(join(directory, stem + sourceEnding), source);
}

/** undefined where there is none, or what is there is no source. */
export function readPaneSource(stateDir: string, stem: string): PaneSource | undefined {
  const parsed = sourceSchema.safeParse(readJson(join(panesDirectory(stateDir), stem + sourceEnding)));
  return parsed.success ? parsed.data : undefined;
}

export function removePaneSource(stateDir: string, stem: string): void {
  rmSync(join(panesDirectory(stateDir), stem + sourceEnding), { force: true });
}

const sourceEnding = ".json";
const sourceName = /^([a-z0-9][a-z0-9_-]{0,60}-[0-9a-f]{12})\.json$/;

/** The stems that are there, sorted. */
export function listPaneStems(stateDir: string): readonly string[] {
  try {
    return readdirSync(panesDirectory(stateDir))
      .flatMap((name) => sourceName.exec(name)?.[1] ?? [])
      .sort();
  } catch {
    return [];
  }
}

/** Deletes the segments of the runs that `isOld` names. Returns how many files went. */
export function forgetRuns(stateDir: string, stem: string, isOld: (run: number) => boolean): number {
  const directory = panesDirectory(stateDir);
  const old = readdirSync(directory).filter((name) => {
    const run = name.startsWith(`${stem}-`)
      ? /^(\d{1,16})-\d{1,9}\.log$/.exec(name.slice(stem.length + 1))?.[1]
      : undefined;
    return run !== undefined && isOld(Number(run));
  });
  for (const name of old) rmSync(join(directory, name), { force: true });
  return old.length;
}

/** A reader finds the old file or the new one, never half. */
export function writeWhole(path: string, value: unknown): void {
  const temporary = `${path}.${randomUUID()}`;
  try {
    writeFileSync(temporary, `${JSON.stringify(value)}\n`, { flag: "wx", mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
