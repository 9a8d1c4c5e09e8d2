// The values of `devmux tail`'s options.

import { parseSeverity } from "@chriscode/devmux-telemetry-protocol";
import { parseDuration } from "@chriscode/devmux-telemetry-server/component";
import { compilePattern, ExpressionError } from "@chriscode/devmux-telemetry-server/config";
import { badOption } from "../errors.ts";

/** 1 to 24. */
export function readMinSeverity(path: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = parseSeverity(text);
  if (number !== undefined) return number;
  throw badOption(path, "--severity", `expected trace, debug, info, warn, error, fatal or 1 to 24, got "${text}"`);
}

/** Unix milliseconds: so long before `now`, or the time itself. A time without a zone is this machine's. */
export function readSince(path: string, text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const ms = days === undefined ? parseDuration(text) : Number(days) * 86_400_000;
  if (ms !== undefined) return Math.max(0, now - ms);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text.length === 10 ? `${text}T00:00` : text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw badOption(path, "--since", `expected 30s, 5m, 2h, 3d or a time as 2026-11-21T12:00, got "${text}"`);
}

/** Whether a text matches, in time linear in the text. What is only letters is found as it is. */
export function readGrep(path: string, text: string | undefined): ((shown: string) => boolean) | undefined {
  if (text === undefined) return undefined;
  if (!/[\\^$.|?*+()[\]{}]/.test(text)) return (shown) => shown.includes(text);
  try {
    const pattern = compilePattern(text);
    return (shown) => pattern.test(shown);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw badOption(path, "--grep", `${error.message}; to find it as it is written put \\Q before it`);
  }
}
