// What each console method means as a record. The console keeps counts, timers and groups; so do we, in our own copies.

import type { ConsoleLevel } from "@chriscode/devmux-telemetry-protocol";

export interface ConsoleEntry {
  readonly level: ConsoleLevel;
  readonly args: readonly unknown[];
  /** The caller's whole stack belongs to the record. */
  readonly withStack?: boolean;
  /** Levels of objects to open, where console.dir was told. */
  readonly depth?: number;
}

export interface ConsoleState {
  /** Open groups. */
  readonly depth: number;
  /** The record of a call, undefined where it prints nothing. May throw (hostile labels). */
  entryOf(method: ConsoleMethod, args: readonly unknown[]): ConsoleEntry | undefined;
}

export type ConsoleMethod = ConsoleLevel | (typeof otherMethods)[number];

export const levels = ["log", "info", "warn", "error", "debug", "trace"] as const;

export const otherMethods = [
  "assert",
  "table",
  "dir",
  "dirxml",
  "group",
  "groupCollapsed",
  "groupEnd",
  "count",
  "countReset",
  "time",
  "timeLog",
  "timeEnd",
  "clear",
] as const;

/** Labels of counts and timers that are kept; an app that makes more of them makes them without end. */
const maxLabels = 1_000;
/** Groups are counted no further: who opens more has forgotten to close them. */
const maxDepth = 100;

export function createConsoleState(now: () => number): ConsoleState {
  let depth = 0;
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();

  const keep = (map: Map<string, number>, label: string, value: number): void => {
    if (map.has(label) || map.size < maxLabels) map.set(label, value);
  };
  const timed = (label: string, rest: readonly unknown[]): ConsoleEntry => {
    const started = timers.get(label);
    if (started === undefined) return { level: "warn", args: [`Timer '${label}' does not exist`] };
    return { level: "log", args: [`${label}: ${Number((now() - started).toFixed(3))}ms`, ...rest] };
  };

  return {
    get depth() {
      return depth;
    },
    entryOf(method, args) {
      switch (method) {
        case "trace":
          return { level: "trace", args, withStack: true };
        case "assert":
          return args[0] ? undefined : { level: "error", args: failed(args.slice(1)) };
        case "table":
          return { level: "log", args: args.slice(0, 1) };
        case "dir":
          return { level: "log", args: args.slice(0, 1), ...depthOf(args[1]) };
        case "dirxml":
          return { level: "log", args };
        case "groupEnd":
          depth = Math.max(0, depth - 1);
          return undefined;
        case "count": {
          const label = labelOf(args);
          keep(counts, label, (counts.get(label) ?? 0) + 1);
          return { level: "log", args: [`${label}: ${counts.get(label) ?? 1}`] };
        }
        case "countReset": {
          const label = labelOf(args);
          if (counts.delete(label)) return undefined;
          return { level: "warn", args: [`Count for '${label}' does not exist`] };
        }
        case "time": {
          const label = labelOf(args);
          if (timers.has(label)) return { level: "warn", args: [`Timer '${label}' already exists`] };
          keep(timers, label, now());
          return undefined;
        }
        case "timeLog":
          return timed(labelOf(args), args.slice(1));
        case "timeEnd": {
          const label = labelOf(args);
          const entry = timed(label, []);
          timers.delete(label);
          return entry;
        }
        case "clear":
          depth = 0;
          return { level: "debug", args: ["console was cleared"] };
        case "group":
        case "groupCollapsed":
          // The caller reads `depth` before this for the heading and finds it one deeper for what follows.
          depth = Math.min(maxDepth, depth + 1);
          return { level: "log", args: args.length === 0 ? [method] : args };
        default:
          return { level: method, args };
      }
    },
  };
}

/** Only for the methods that have a label: this may run an app's own toString, as the console itself does. */
function labelOf(args: readonly unknown[]): string {
  return args[0] === undefined ? "default" : String(args[0]).slice(0, 1024);
}

/** `Assertion failed`, put before the format string where there is one, as the console does. */
function failed(data: readonly unknown[]): readonly unknown[] {
  const message = "Assertion failed";
  if (data.length === 0) return [message];
  return typeof data[0] === "string" ? [`${message}: ${data[0]}`, ...data.slice(1)] : [message, ...data];
}

function depthOf(options: unknown): { depth?: number } {
  const depth = (options as { depth?: unknown } | null | undefined)?.depth;
  return typeof depth === "number" && depth >= 0 ? { depth: depth + 1 } : {};
}
