// What an app can say, read without throwing: what is of a wrong type counts as not said, and is told in the status.

import type { LogRecordProcessor, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import type { ConsoleMethod } from "./capture/methods.ts";
import { allMethods } from "./capture/methods.ts";
import { severityNumbers } from "./logs/gate.ts";
import type { RateLimits } from "./logs/rate.ts";
import type { ReactNativeParts } from "./platform/react-native/uncaught.ts";
import type { BufferLimits } from "./transport/outbox.ts";
import { defaultBuffer } from "./transport/outbox.ts";
import type { ValueLimits } from "./values/limits.ts";

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
  readonly transport: string;
  readonly buffer: BufferLimits;
  /** Options that were wrong, and then errors of our own that were kept from the app. */
  readonly problems: string[];
}

export const defaultServerUrl = "ws://127.0.0.1:9876";

/** What is read as it is, if it is of the fallback's type. */
const fallbacks = {
  serverUrl: defaultServerUrl,
  serviceName: "",
  serviceVersion: "",
  captureErrors: true,
  captureNavigation: true,
  captureSession: true,
  resourceAttributes: {} as Settings["resourceAttributes"],
  token: "",
  processors: [] as ArrayLike<LogRecordProcessor>,
  ignore: [] as ArrayLike<string | RegExp>,
  beforeSend: (_: ReadWriteLogRecord): unknown => true,
  transport: "websocket",
  buffer: {},
};

/** The values that are given and of the right type, in place of the defaults. */
export function readGroup<Values extends object>(given: unknown, defaults: Values, problems: string[]): Values {
  const values = { ...defaults };
  for (const key in defaults) {
    const type = typeof defaults[key];
    const value = (given as Partial<Values> | null | undefined)?.[key] ?? defaults[key];
    if (typeof value === type) values[key] = value;
    else problems.push(`${key}: expected a ${type}, got a ${typeof value}`);
  }
  return values;
}

/** Any value is a set of options: from JavaScript anything may come. */
export function readOptions(options: unknown): Settings {
  const problems: string[] = [];
  const read = readGroup(options, fallbacks, problems);
  const { captureConsole = true, minSeverity = 0 } = (options ?? {}) as TelemetryOptions;
  const severity = severityNumbers[minSeverity] ?? minSeverity;
  if (typeof severity !== "number") problems.push(`minSeverity: ${severity} is none`);
  const isWanted = (method: ConsoleMethod): boolean =>
    Array.isArray(captureConsole) ? captureConsole.includes(method) : !!captureConsole;
  const { serverUrl } = read;
  return {
    ...read,
    // As people write it: with http instead of ws, or with neither.
    serverUrl: /^\w+:\/\//.test(serverUrl) ? serverUrl.replace(/^http/, "ws") : `ws://${serverUrl}`,
    consoleMethods: allMethods.filter(isWanted),
    processors: Array.from(read.processors),
    ignore: Array.from(read.ignore),
    minSeverity: Number(severity) || 0,
    buffer: readGroup(read.buffer, defaultBuffer, problems),
    problems,
  };
}
