// What an app can say, read without throwing: what is of a wrong type counts as not said, and is told in the status.

import type { LogRecordProcessor, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import type { ConsoleMethod } from "./capture/console-methods.ts";
import { levels, otherMethods } from "./capture/console-methods.ts";
import type { RateLimits } from "./logs/flood.ts";
import { defaultRate } from "./logs/flood.ts";
import { severityNumbers } from "./logs/gate.ts";
import type { ReactNativeParts } from "./platform/react-native/uncaught.ts";
import type { BufferLimits } from "./transport/outbox.ts";
import { defaultBuffer } from "./transport/outbox.ts";
import type { ValueLimits } from "./values/limits.ts";
import { defaultLimits } from "./values/limits.ts";

export interface TelemetryOptions {
  /** Where the collector listens: `ws://127.0.0.1:9876`. */
  readonly serverUrl?: string;
  /** The app's name, OTel's `service.name`. Default: the page's host. */
  readonly serviceName?: string;
  readonly serviceVersion?: string;
  /** Default: on in development (`__DEV__`, `NODE_ENV`, a page of this machine), off in production. */
  readonly enabled?: boolean;
  /** The console methods to capture; `true` is all that print, `false` none. */
  readonly captureConsole?: boolean | readonly ConsoleMethod[];
  /** Uncaught errors, unhandled rejections; in pages resources that do not load, policies and deprecations too. */
  readonly captureErrors?: boolean;
  /** Where the user goes in the page, and when it is hidden, frozen or restored. */
  readonly captureNavigation?: boolean;
  /** The events `session.start` and `session.end`. */
  readonly captureSession?: boolean;
  /** More OTel resource attributes: `deployment.environment.name`, `service.namespace` … */
  readonly resourceAttributes?: { readonly [key: string]: string | number | boolean };
  /** The collector's `telemetry.token`, for a client that is not on its machine. */
  readonly token?: string;
  /** OTel processors that see every record before it is sent. They may change it. */
  readonly processors?: readonly LogRecordProcessor[];
  /** Records of less are not sent: `"warn"`, or OTel's number. Default: all are. */
  readonly minSeverity?: SeverityName | number;
  /** Records whose text contains one of these, or matches it, are not sent. */
  readonly ignore?: readonly (string | RegExp)[];
  /** Sees every record last, and may change it. `false` keeps it from being sent. */
  readonly beforeSend?: (record: ReadWriteLogRecord) => unknown;
  /** `"otlp-http"`: OTel's own exporter, to any OTLP backend. Default: the live protocol of the DevMux collector. */
  readonly transport?: "websocket" | "otlp-http";
  /** How many records a second leave one by one; of the others there is a count. */
  readonly rate?: Partial<RateLimits>;
  /** In React Native: `{ AppState, Platform }` of it. */
  readonly reactNative?: ReactNativeParts;
  /** How much of a value is kept. */
  readonly limits?: Partial<ValueLimits>;
  /** How much waits while the collector is away. */
  readonly buffer?: Partial<BufferLimits>;
}

export type SeverityName = "trace" | "debug" | "log" | "info" | "warn" | "error" | "fatal";

export interface Settings {
  readonly serverUrl: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly consoleMethods: readonly ConsoleMethod[];
  readonly captureErrors: boolean;
  readonly captureNavigation: boolean;
  readonly captureSession: boolean;
  readonly resourceAttributes: { readonly [key: string]: string | number | boolean };
  readonly token: string;
  readonly processors: readonly LogRecordProcessor[];
  readonly minSeverity: number;
  readonly ignore: readonly (string | RegExp)[];
  readonly beforeSend: (record: ReadWriteLogRecord) => unknown;
  readonly transport: "websocket" | "otlp-http";
  readonly rate: RateLimits;
  readonly limits: ValueLimits;
  readonly buffer: BufferLimits;
  readonly problems: readonly string[];
}

export const defaultServerUrl = "ws://127.0.0.1:9876";

/** Any value is a set of options: from JavaScript anything may come. */
export function readOptions(options: unknown): Settings {
  const problems: string[] = [];
  /** What `given` says of `key`, if it is of the fallback's type. */
  const read = <Value>(given: unknown, key: string, fallback: Value): Value => {
    const value = (given as { readonly [key: string]: unknown } | null | undefined)?.[key] ?? fallback;
    if (typeof value === typeof fallback || fallback === undefined) return value as Value;
    problems.push(`${key}: expected a ${typeof fallback}, got a ${typeof value}`);
    return fallback;
  };
  const readSeverity = (wanted: unknown): number => {
    const number = typeof wanted === "number" ? wanted : severityNumbers[String(wanted ?? "trace")];
    if (number === undefined)
      problems.push(`minSeverity: expected a number or one of ${Object.keys(severityNumbers).join(", ")}`);
    return number ?? 0;
  };
  const readAll = <Values extends object>(key: string, defaults: Values): Values => {
    const given = read<object>(options, key, {});
    const pairs = Object.entries(defaults).map(([name, value]) => [name, read(given, name, value)]);
    return Object.fromEntries(pairs);
  };
  const url = read(options, "serverUrl", defaultServerUrl);
  const wanted = (options as TelemetryOptions | null | undefined)?.captureConsole ?? true;
  const methods: readonly ConsoleMethod[] = [...levels, ...otherMethods];
  return {
    // As people write it: with http instead of ws, or with neither.
    serverUrl: /^\w+:\/\//.test(url) ? url.replace(/^http/, "ws") : `ws://${url}`,
    serviceName: read(options, "serviceName", ""),
    serviceVersion: read(options, "serviceVersion", ""),
    consoleMethods: Array.isArray(wanted) ? methods.filter((method) => wanted.includes(method)) : wanted ? methods : [],
    captureErrors: read(options, "captureErrors", true),
    captureNavigation: read(options, "captureNavigation", true),
    captureSession: read(options, "captureSession", true),
    resourceAttributes: read(options, "resourceAttributes", {}),
    token: read(options, "token", ""),
    processors: Array.from(read<ArrayLike<LogRecordProcessor>>(options, "processors", [])),
    minSeverity: readSeverity(read<unknown>(options, "minSeverity", undefined)),
    ignore: Array.from(read<ArrayLike<string | RegExp>>(options, "ignore", [])),
    beforeSend: read<(record: ReadWriteLogRecord) => unknown>(options, "beforeSend", () => true),
    transport: read<string>(options, "transport", "websocket") === "otlp-http" ? "otlp-http" : "websocket",
    rate: readAll("rate", defaultRate),
    limits: readAll("limits", defaultLimits),
    buffer: readAll("buffer", defaultBuffer),
    problems,
  };
}
