// What an app can say, read without throwing: what is wrong is left at its default and told in `status.problems`.

import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import type { ConsoleMethod } from "./capture/console-methods.ts";
import { levels, otherMethods } from "./capture/console-methods.ts";
import type { BufferLimits } from "./transport/exporter.ts";
import { defaultBuffer } from "./transport/exporter.ts";
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
  /** Uncaught errors and unhandled rejections. */
  readonly captureErrors?: boolean;
  /** More OTel resource attributes: `deployment.environment.name`, `service.namespace` … */
  readonly resourceAttributes?: { readonly [key: string]: string | number | boolean };
  /** The collector's `telemetry.token`, for a client that is not on its machine. */
  readonly token?: string;
  /** OTel processors that see every record before it is sent. They may change it. */
  readonly processors?: readonly LogRecordProcessor[];
  /** How much of a value is kept. */
  readonly limits?: Partial<ValueLimits>;
  /** How much waits while the collector is away. */
  readonly buffer?: Partial<BufferLimits>;
}

export interface Settings {
  readonly serverUrl: string;
  readonly serviceName: string | undefined;
  readonly serviceVersion: string | undefined;
  readonly consoleMethods: readonly ConsoleMethod[];
  readonly captureErrors: boolean;
  readonly resourceAttributes: { readonly [key: string]: string | number | boolean };
  readonly token: string | undefined;
  readonly processors: readonly LogRecordProcessor[];
  readonly limits: ValueLimits;
  readonly buffer: BufferLimits;
  readonly problems: readonly string[];
}

export const defaultServerUrl = "ws://127.0.0.1:9876";

/** Any value is a set of options: from JavaScript anything may come. */
export function readOptions(options: unknown): Settings {
  const given = (isObject(options) ? options : {}) as { readonly [key in keyof TelemetryOptions]: unknown };
  const problems: string[] = [];
  const read = <Value>(
    key: keyof TelemetryOptions,
    is: (value: unknown) => boolean,
    expected: string,
  ): Value | undefined => {
    const value = given[key];
    if (value === undefined || value === null) return undefined;
    if (is(value)) return value as Value;
    problems.push(`${key}: expected ${expected}, got ${typeof value}`);
    return undefined;
  };
  const text = (key: keyof TelemetryOptions): string | undefined =>
    read(key, (value) => typeof value === "string" && value !== "", "a text");
  const counts = <Counts extends object>(key: keyof TelemetryOptions, defaults: Counts): Counts => {
    const values: Partial<Counts> = read<Partial<Counts>>(key, isObject, "an object") ?? {};
    const result = { ...defaults };
    for (const name of Object.keys(defaults) as (keyof Counts)[]) {
      const value: unknown = values[name];
      if (value === undefined) continue;
      if (typeof value === "number" && value >= 0) result[name] = value as Counts[typeof name];
      else problems.push(`${key}.${String(name)}: expected a number from 0, got ${typeof value}`);
    }
    return result;
  };
  return {
    serverUrl: webSocketUrl(text("serverUrl") ?? defaultServerUrl),
    serviceName: text("serviceName"),
    serviceVersion: text("serviceVersion"),
    consoleMethods: methodsOf(
      read("captureConsole", (value) => typeof value === "boolean" || Array.isArray(value), "true, false or a list"),
    ),
    captureErrors: read("captureErrors", (value) => typeof value === "boolean", "true or false") ?? true,
    resourceAttributes: read("resourceAttributes", isObject, "an object") ?? {},
    token: text("token"),
    processors: read("processors", Array.isArray, "a list") ?? [],
    limits: counts("limits", defaultLimits),
    buffer: counts("buffer", defaultBuffer),
    problems,
  };
}

function methodsOf(wanted: boolean | readonly unknown[] = true): readonly ConsoleMethod[] {
  const known: readonly ConsoleMethod[] = [...levels, ...otherMethods];
  if (wanted === false) return [];
  return wanted === true ? known : known.filter((method) => wanted.includes(method));
}

/** As people write it: with http instead of ws, or with neither. */
function webSocketUrl(url: string): string {
  return /^\w+:\/\//.test(url) ? url.replace(/^http/, "ws") : `ws://${url}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
