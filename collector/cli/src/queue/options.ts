// Options that the commands of the queue share, and how their values are read.

import {
  type EventSeverity,
  type Status,
  severities,
  statuses,
  type TriggerEvent,
} from "@chriscode/devmux-telemetry-exporters/queue";
import { parseDuration } from "@chriscode/devmux-telemetry-server/component";
import { badOption } from "../errors.ts";

export const configOption = {
  type: "string",
  valueHint: "FILE",
  description: "devmux.config.json that the collector was started with",
} as const;

export const jsonOption = {
  type: "boolean",
  default: false,
  description: "print one JSON object and nothing else",
} as const;

export const streamOption = {
  type: "string",
  valueHint: "NAME",
  description: "only of this stream, or of those whose name begins so: node:api, browser",
} as const;

export const agentOption = {
  type: "string",
  valueHint: "NAME",
  description: "who you are; $DEVMUX_AGENT unless given",
} as const;

export const noteOption = { type: "string", valueHint: "TEXT", description: "what others should know" } as const;

interface SeverityOption {
  type: "enum";
  options: EventSeverity[];
  default: EventSeverity;
  description: string;
}

export function severityOption(
  fallback: EventSeverity,
  description: string = "leave out what is less severe",
): SeverityOption {
  return { type: "enum", options: [...severities], default: fallback, description: description };
}

/** Events of the named stream, or of those whose name begins so; undefined where all are wanted. */
export function ofStream(name: string | undefined): ((event: TriggerEvent) => boolean) | undefined {
  return name === undefined ? undefined : ({ service, source }) => (service ?? source).startsWith(name);
}

/** `open` and `all` stand for several. */
export function readStatuses(path: string, text: string): ReadonlySet<string> | "all" {
  const words = text.split(",").map((word) => word.trim());
  if (words.includes("all")) return "all";
  const wanted = words.flatMap((word): readonly Status[] => {
    if (word === "open") return ["pending", "processing"];
    const status = statuses.find((each) => each === word);
    if (status !== undefined) return [status];
    throw badOption(path, "--status", `expected ${statuses.join(", ")}, open or all, got ${JSON.stringify(word)}`);
  });
  return new Set(wanted);
}

interface DurationBounds {
  readonly min?: number;
  readonly max?: number;
}

/** Milliseconds. */
export function readDuration(
  path: string,
  option: string,
  text: string,
  { min = 0, max = maxMs }: DurationBounds = {},
): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= min && ms <= max) return ms;
  throw badOption(
    path,
    option,
    `expected a time from ${words(min)} to ${words(max)}, as 30s, 10m or 2h, got "${text}"`,
  );
}

/** Timers of Node end at 24.8 days. */
const maxMs = 24 * 24 * 3_600_000;

function words(ms: number): string {
  return ms % 3_600_000 === 0 && ms > 0 ? `${ms / 3_600_000}h` : `${ms / 1_000}s`;
}

export function readCount(path: string, option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw badOption(path, option, `expected a number from 0 on, got "${text}"`);
}

/** Anything that another reads in one word. */
export function readAgent(path: string, text: string | undefined): string | undefined {
  if (text === undefined || /^[\p{L}\p{N}][\p{L}\p{N}_.:@/-]{0,63}$/u.test(text)) return text;
  throw badOption(
    path,
    "--agent",
    `expected a name of letters, digits and _ . : @ / -, at most 64, got ${JSON.stringify(text.slice(0, 80))}`,
  );
}
