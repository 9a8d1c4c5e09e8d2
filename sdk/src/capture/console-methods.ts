// What each console method means as a record. The console keeps counts, timers and groups; so do we, in our own copies.

import type { ConsoleLevel } from "@chriscode/devmux-telemetry-protocol";
import type { ConsoleMethod } from "./methods.ts";

export interface ConsoleEntry {
  readonly level: ConsoleLevel;
  readonly args: readonly unknown[];
  /** The caller's whole stack belongs to the record. */
  readonly withStack?: boolean;
  /** Levels of objects to open, where console.dir was told. */
  readonly depth?: number;
  /** The arguments are rows and the names of columns. */
  readonly isTable?: boolean;
}

export interface ConsoleState {
  /** Open groups. */
  readonly depth: number;
  /** The record of a call at `nowMs`, undefined where it prints nothing. May throw (hostile labels). */
  entryOf(method: ConsoleMethod, args: readonly unknown[], nowMs: number): ConsoleEntry | undefined;
}

/** Labels of counts and timers that are kept; an app that makes more of them makes them without end, and they go. */
const maxLabels = 1_000;
/** Groups are counted no further: who opens more has forgotten to close them. */
const maxDepth = 100;

export function createConsoleState(): ConsoleState {
  let depth = 0;
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();

  const say = (level: ConsoleLevel, ...args: unknown[]): ConsoleEntry => ({ level, args });
  const unknown = (what: string, label: string): ConsoleEntry => say("warn", `${what} '${label}' does not exist`);
  const keep = (map: Map<string, number>, label: string, value: number): void => {
    if (map.size > maxLabels) map.clear();
    map.set(label, value);
  };

  return {
    get depth() {
      return depth;
    },
    entryOf(method, args, nowMs) {
      // Runs an app's own toString, as the console itself does, and only for the methods that have a label.
      const label = /^(count|time)/.test(method) ? String(args[0] ?? "default").slice(0, 1_024) : "";
      const started = timers.get(label) ?? 0;
      switch (method) {
        case "trace":
          return { level: method, args, withStack: true };
        case "assert":
          return args[0] ? undefined : say("error", ...failed(args.slice(1)));
        case "dir":
          return { level: "log", args: args.slice(0, 1), ...depthOf(args[1]) };
        case "table":
          return { level: "log", args, isTable: true };
        case "dirxml":
          return say("log", ...args);
        case "group":
        case "groupCollapsed":
          depth = Math.min(maxDepth, depth + 1);
          return say("log", ...(args.length > 0 ? args : [method]));
        case "groupEnd":
          depth = Math.max(0, depth - 1);
          return undefined;
        case "count":
          keep(counts, label, (counts.get(label) ?? 0) + 1);
          return say("log", `${label}: ${counts.get(label)}`);
        case "countReset":
          return counts.delete(label) ? undefined : unknown("Count for", label);
        case "time":
          if (timers.has(label)) return say("warn", `Timer '${label}' already exists`);
          keep(timers, label, nowMs);
          return undefined;
        case "timeLog":
        case "timeEnd":
          if (!timers.has(label)) return unknown("Timer", label);
          if (method === "timeEnd") timers.delete(label);
          return say("log", `${label}: ${Number((nowMs - started).toFixed(3))}ms`, ...args.slice(1));
        case "clear":
          depth = 0;
          return say("debug", "console was cleared");
        default:
          return { level: method, args };
      }
    },
  };
}

/** `Assertion failed`, put before the format string where there is one, as the console does. */
function failed([first, ...rest]: readonly unknown[]): readonly unknown[] {
  const message = "Assertion failed";
  if (typeof first === "string") return [`${message}: ${first}`, ...rest];
  return first === undefined && rest.length === 0 ? [message] : [message, first, ...rest];
}

function depthOf(options: unknown): { depth?: number } {
  const depth = (options as { depth?: unknown } | null | undefined)?.depth;
  return typeof depth === "number" && depth >= 0 ? { depth: depth + 1 } : {};
}
