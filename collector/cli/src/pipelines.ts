// From settings to a collector: the user's pipelines or the default ones, with the terminal as an exporter where it is asked for.

import {
  type Collector,
  type CollectorConfig,
  ConfigError,
  createCollector,
  defaultConfig,
  substituteEnvironment,
} from "@chriscode/devmux-telemetry-server";
import type { Log } from "@chriscode/devmux-telemetry-server/component";
import { factories } from "./components.ts";
import type { CollectorSource, Settings } from "./config/settings.ts";
import type { OwnOptions } from "./daemon/serve.ts";
import type { Shell } from "./shell.ts";

export interface PipelineOptions {
  readonly settings: Settings;
  readonly shell: Shell;
  readonly stateDir: string;
  readonly log: Log;
  /** Show records in this terminal. */
  readonly showRecords: boolean;
}

/** Throws ConfigError; what is wrong in the user's file is named with the file. */
export function createConfiguredCollector(
  { settings, shell, stateDir, log, showRecords }: PipelineOptions,
  own: OwnOptions,
): Collector {
  const { collector: source, host, port, token, allowedOrigins } = settings;
  const config = source === undefined ? defaultConfig() : substituted(source, shell.env, log);
  try {
    return createCollector({
      ...own,
      config: showRecords ? withTerminal(config) : config,
      configPath: source?.path ?? "",
      factories,
      address: { host, port },
      stateDir,
      version: shell.version,
      log,
      allowedOrigins,
      ...(token === undefined ? {} : { clientToken: token }),
    });
  } catch (error) {
    throw error instanceof ConfigError && source !== undefined ? inFile(error.problems, source.file) : error;
  }
}

function substituted(source: CollectorSource, env: Shell["env"], log: Log): CollectorConfig {
  const { value, problems, unset } = substituteEnvironment(source.value, env);
  if (problems.length > 0) {
    const under = (path: string) => [source.path, path].filter((part) => part !== "").join(".");
    throw inFile(
      problems.map(({ path, message }) => ({ path: under(path), message })),
      source.file,
    );
  }
  for (const name of unset) log.warn(`${source.file}: the environment variable ${name} is not set; it reads as empty`);
  return value as CollectorConfig;
}

/** Adds the `debug` exporter to every logs pipeline, if it is not there. What is no configuration passes as it is, to be refused. */
function withTerminal(config: CollectorConfig): CollectorConfig {
  const pipelines = config?.service?.pipelines;
  if (typeof pipelines !== "object" || pipelines === null) return config;
  const shown = Object.entries(pipelines).map(([id, pipeline]) => {
    const exporters = pipeline?.exporters;
    const add = /^logs(\/|$)/.test(id) && Array.isArray(exporters) && !exporters.includes("debug");
    return [id, add ? { ...pipeline, exporters: [...exporters, "debug"] } : pipeline] as const;
  });
  return {
    ...config,
    exporters: { debug: {}, ...config.exporters },
    service: { ...config.service, pipelines: Object.fromEntries(shown) },
  };
}

function inFile(problems: ConfigError["problems"], file: string): ConfigError {
  return new ConfigError(
    problems.map(({ path, message }) => ({ path: path === "" ? file : `${file}: ${path}`, message })),
  );
}
