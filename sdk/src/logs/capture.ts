// A record in the making, and the plainest that can be made of what was seen.

import type { ConsoleLevel } from "@chriscode/devmux-telemetry-protocol";
import {
  ATTR_BROWSER_CONSOLE_METHOD,
  ATTR_CODE_STACKTRACE,
  consoleSeverityNumber,
  EVENT_BROWSER_CONSOLE,
  EVENT_EXCEPTION,
} from "@chriscode/devmux-telemetry-protocol";
import type { Attributes, Context } from "@opentelemetry/api";
import type { Fact } from "../capture/fact.ts";
import type { CallSite } from "../capture/site.ts";
import { maxText, plainText } from "../transport/plain-value.ts";
import type { SafeValue } from "../values/safe.ts";
import type { Crash } from "./crashes.ts";

/** What OTel emits, what it carries past OTel's own copying, and where it was made. */
export interface Capture {
  /** Its logger: `devmux.console`. */
  readonly scope: "console" | "errors" | "events";
  readonly level: ConsoleLevel;
  readonly eventName: string;
  readonly body: string;
  /** Unix milliseconds. */
  readonly timeMs: number;
  readonly context?: Context | undefined;
  readonly attributes: Attributes;
  /** `console.error`, `unhandledrejection` … */
  readonly source?: string;
  /** Of an error that may surface in other places as well. */
  readonly crash?: Crash | undefined;
  /** Set on the record as they are: OTel's attribute copy loses a key named `__proto__`. */
  readonly data?: { readonly [key: string]: SafeValue | undefined };
  /** Read when the record leaves. */
  readonly site?: CallSite | undefined;
  readonly withStack?: boolean | undefined;
}

/** Of a stack only where it begins: these records may have to leave with the page. */
const maxStack = 200;

/**
 * For when the part of the client that reads values is not there: texts as they are, data as JSON, the stack unread.
 * Never throws.
 */
export function addPlainly(fact: Fact, add: (capture: Capture) => void): void {
  const { method, args, name, site, timeMs, context } = fact;
  const fallback = method ? "log" : name ? "debug" : "error";
  add({
    scope: method ? "console" : name ? "events" : "errors",
    level: method && method in consoleSeverityNumber ? (method as ConsoleLevel) : fallback,
    eventName: name ?? (method ? EVENT_BROWSER_CONSOLE : EVENT_EXCEPTION),
    body: args.map(plainText).join(" ").slice(0, maxText),
    timeMs,
    context,
    attributes: { [ATTR_BROWSER_CONSOLE_METHOD]: method, [ATTR_CODE_STACKTRACE]: site?.stack?.slice(0, maxStack) },
  });
}
