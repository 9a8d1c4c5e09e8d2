// What a command works with: the configuration file and the flags, flags first, defaults last.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, resolve } from "node:path";
import { ConfigError, type Problem, parseWith } from "@chriscode/devmux-telemetry-server/config";
import { findConfigFile } from "./find.ts";
import { parseJsonc } from "./jsonc.ts";
import { defaultHost, defaultPort, type TelemetryConfig, telemetrySchema } from "./telemetry.ts";

export interface Flags {
  readonly config?: string | undefined;
  readonly port?: number | undefined;
  readonly host?: string | undefined;
}

export interface Settings {
  readonly enabled: boolean;
  readonly port: number;
  readonly host: string;
  readonly token: string | undefined;
  readonly allowedOrigins: readonly string[];
  /** The file they come from; undefined where there is none. */
  readonly file: string | undefined;
  /** Relative paths in the configuration start here. */
  readonly directory: string;
  /** The user's own pipelines, not yet validated; undefined for the default ones. */
  readonly collector: CollectorSource | undefined;
}

export interface CollectorSource {
  readonly value: unknown;
  readonly file: string;
  /** Where it stands in that file: `telemetry.collector`, or "" in a YAML file of its own. */
  readonly path: string;
}

/** Throws ConfigError with every problem of the file, each with the file's name. */
export function readSettings(flags: Flags, cwd: string): Settings {
  const { settings, problems } = inspectSettings(flags, cwd);
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

export interface InspectedSettings {
  /** Defaults in place of what is wrong. */
  readonly settings: Settings;
  readonly problems: readonly Problem[];
}

/** As `readSettings`, for a report that goes on behind the first problem. Throws ConfigError where the file cannot be read. */
export function inspectSettings(flags: Flags, cwd: string): InspectedSettings {
  const file = flags.config === undefined ? findConfigFile(cwd) : resolve(cwd, flags.config);
  const problems: Problem[] = [];
  const telemetry =
    file === undefined ? defaults() : isYaml(file) ? { ...defaults(), collector: file } : readTelemetry(file, problems);
  return { settings: toSettings(telemetry, file, flags, cwd), problems };
}

function toSettings(telemetry: TelemetryConfig, file: string | undefined, flags: Flags, cwd: string): Settings {
  const directory = file === undefined ? cwd : dirname(file);
  return {
    enabled: telemetry.enabled,
    port: flags.port ?? telemetry.port ?? defaultPort,
    host: flags.host ?? telemetry.host ?? defaultHost,
    token: telemetry.token,
    allowedOrigins: telemetry.allowed_origins,
    file,
    directory,
    collector: file === undefined ? undefined : readCollector(telemetry.collector, file),
  };
}

function defaults(): TelemetryConfig {
  return { enabled: true, allowed_origins: [] };
}

function readTelemetry(file: string, problems: Problem[]): TelemetryConfig {
  const json = parseJsonc(readText(file, ""));
  if (!json.ok) throw problem(file, json.message);
  if (typeof json.value !== "object" || json.value === null || Array.isArray(json.value)) {
    throw problem(file, `expected an object with a "telemetry" key, got ${JSON.stringify(json.value)?.slice(0, 80)}`);
  }
  const raw = (json.value as { telemetry?: unknown }).telemetry ?? {};
  const parsed = parseWith(telemetrySchema, raw, "telemetry");
  if (parsed.ok) return parsed.value;
  problems.push(...parsed.problems.map(({ path, message }) => ({ path: `${file}: ${path}`, message })));
  // The pipelines can be looked at, whatever is wrong beside them.
  const alone = parseWith(telemetrySchema, { collector: (raw as { collector?: unknown }).collector }, "telemetry");
  return alone.ok ? alone.value : defaults();
}

function readCollector(collector: TelemetryConfig["collector"], file: string): CollectorSource | undefined {
  if (collector === undefined) return undefined;
  if (typeof collector !== "string") return { value: collector, file, path: "telemetry.collector" };
  const yamlFile = resolve(dirname(file), collector);
  const text = readText(yamlFile, yamlFile === file ? "" : `named by telemetry.collector in ${file}: `);
  try {
    return { value: yaml().parse(text), file: yamlFile, path: "" };
  } catch (error) {
    throw problem(yamlFile, `is no YAML: ${(error as Error).message}`);
  }
}

function readText(file: string, why: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw problem(file, `${why}${code === "ENOENT" ? "there is no such file" : `cannot be read (${code})`}`);
  }
}

function problem(file: string, message: string): ConfigError {
  return new ConfigError([{ path: file, message }]);
}

function isYaml(file: string): boolean {
  return [".yaml", ".yml"].includes(extname(file));
}

/** Loaded where there is a YAML file: it would cost every other collector 15 MB. */
function yaml(): typeof import("yaml") {
  return createRequire(import.meta.url)("yaml") as typeof import("yaml");
}
