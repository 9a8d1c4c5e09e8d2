// OpenTelemetry severities: ranges and names, what each console method means, and what the queue calls them.
// Source: OTel Logs Data Model, "Severity Fields" (1-24 in six ranges of four, 0 unspecified).

export type SeverityRange = "unspecified" | "trace" | "debug" | "info" | "warn" | "error" | "fatal";

export type QueueSeverity = "info" | "warning" | "error";

export interface Severity {
  readonly number: number;
  readonly text: string;
}

/** The lowest number of each range; the range ends before the next one's, `fatal` at 24. */
export const SEVERITY_TRACE = 1;
export const SEVERITY_DEBUG = 5;
export const SEVERITY_INFO = 9;
export const SEVERITY_WARN = 13;
export const SEVERITY_ERROR = 17;
export const SEVERITY_FATAL = 21;
export const SEVERITY_MAX = 24;

/** The console methods that a client reports, with the severity of each. The text is the method's own name. */
export type ConsoleLevel = "trace" | "debug" | "log" | "info" | "warn" | "error";

export const consoleSeverityNumber: { readonly [level in ConsoleLevel]: number } = {
  trace: SEVERITY_TRACE,
  debug: SEVERITY_DEBUG,
  log: SEVERITY_INFO,
  info: SEVERITY_INFO,
  warn: SEVERITY_WARN,
  error: SEVERITY_ERROR,
};

export function consoleSeverity(level: ConsoleLevel): Severity {
  return { number: consoleSeverityNumber[level], text: level };
}

/** Uncaught errors and unhandled rejections. */
export const uncaughtSeverity: Severity = { number: SEVERITY_ERROR, text: "error" };

const ranges: readonly SeverityRange[] = ["trace", "debug", "info", "warn", "error", "fatal"];

/** The range that a severity number lies in; anything outside 1-24 is `unspecified`. */
export function severityRange(number: number): SeverityRange {
  return number >= 1 && number < 25 ? (ranges[Math.floor((number - 1) / 4)] ?? "unspecified") : "unspecified";
}

/** The data model's short name: `TRACE`, `TRACE2` … `FATAL4`; `UNSPECIFIED` outside 1-24. */
export function severityName(number: number): string {
  const range = severityRange(number);
  if (range === "unspecified") return "UNSPECIFIED";
  const step = (Math.floor(number) - 1) % 4;
  return range.toUpperCase() + (step === 0 ? "" : String(step + 1));
}

/** Below WARN (and unspecified) `info`, WARN `warning`, ERROR and FATAL `error`. */
export function queueSeverity(number: number): QueueSeverity {
  const range = severityRange(number);
  if (range === "error" || range === "fatal") return "error";
  return range === "warn" ? "warning" : "info";
}

const aliases: { readonly [name: string]: number } = {
  log: SEVERITY_INFO,
  information: SEVERITY_INFO,
  notice: SEVERITY_INFO + 1,
  warning: SEVERITY_WARN,
  err: SEVERITY_ERROR,
  critical: SEVERITY_FATAL,
};

/** A severity as people write it: a name in any case (`warn`, `warning`, `ERROR2`) or a number from 1 to 24. */
export function parseSeverity(text: string): number | undefined {
  const name = text.trim().toLowerCase();
  if (/^\d{1,2}$/.test(name)) {
    const number = Number(name);
    return number >= 1 && number <= SEVERITY_MAX ? number : undefined;
  }
  if (Object.hasOwn(aliases, name)) return aliases[name];
  const match = /^(trace|debug|info|warn|error|fatal)([1-4])?$/.exec(name);
  if (match === null) return undefined;
  return ranges.indexOf(match[1] as SeverityRange) * 4 + Number(match[2] ?? 1);
}
