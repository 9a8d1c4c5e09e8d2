// From settings to a collector: the user's pipelines or the default ones, with the terminal as an exporter where it is asked for.

import { isDeepStrictEqual } from "node:util";
import {
  type Collector,
  type CollectorConfig,
  ConfigError,
  createCollector,
  type DevControl,
  type PipelineConfig,
  type ReloadAnswer,
} from "@chriscode/devmux-telemetry-server";
import { type Problem, secretsOf } from "@chriscode/devmux-telemetry-server/config";
import { type Configuration, checkConfiguration, nameFile, readConfiguration } from "./config/configuration.ts";
import { inspectSettings, type Settings } from "./config/settings.ts";
import type { OwnLog } from "./daemon/log.ts";
import type { OwnOptions } from "./daemon/serve.ts";
import type { DevControlOptions } from "./dev/control.ts";
import type { Shell } from "./shell.ts";

export interface PipelineOptions {
  readonly settings: Settings;
  readonly shell: Shell;
  readonly stateDir: string;
  readonly log: OwnLog;
  /** Show records in this terminal. */
  readonly showRecords: boolean;
}

/** Throws ConfigError; what is wrong in the user's file is named with the file. */
export async function createConfiguredCollector(options: PipelineOptions, own: OwnOptions): Promise<Collector> {
  const { settings, shell, stateDir, log } = options;
  const { host, port, token, allowedOrigins } = settings;
  const configuration = await readConfiguration(settings, shell.env);
  log.hide([own.controlToken, ...(token === undefined ? [] : [token])]);
  try {
    return createCollector({
      ...own,
      ...toPipelines(configuration, options),
      address: { host, port },
      stateDir,
      version: shell.version,
      log,
      allowedOrigins,
      ...(settings.file === undefined
        ? {}
        : { dev: devControl({ file: settings.file, shell, log, stop: own.onStopRequested }) }),
      ...(token === undefined ? {} : { clientToken: token }),
    });
  } catch (error) {
    throw error instanceof ConfigError ? nameFile(error, configuration.file) : error;
  }
}

/** Loaded with the first request for it: most collectors get none, and it brings a third of this program. */
function devControl(options: DevControlOptions): DevControl {
  const loaded = async () => (await import("./dev/control.ts")).createDevControl(options);
  return {
    status: async () => (await loaded()).status(),
    start: async () => (await loaded()).start(),
    stop: async () => (await loaded()).stop(),
  };
}

/** Reads the file again each time it is called and applies what has changed in its pipelines. */
export function createReload(options: PipelineOptions): (collector: Collector) => Promise<ReloadAnswer> {
  const { settings, shell } = options;
  const source = { cwd: settings.directory, env: shell.env };
  const flags = { config: settings.file };
  const atStart = inspectSettings(flags, settings.directory).settings;
  return async (collector) => {
    const { settings: now, configuration, problems } = await checkConfiguration(flags, source);
    if (now === undefined || configuration === undefined || problems.length > 0) return { ok: false, problems };
    const fixed = fixedProblems(atStart, now);
    if (fixed.length > 0) return { ok: false, problems: fixed };
    try {
      return { ok: true, ...(await collector.reload(toPipelines(configuration, options))) };
    } catch (error) {
      const named = error instanceof ConfigError ? nameFile(error, configuration.file).problems : undefined;
      return {
        ok: false,
        problems: named ?? [{ path: "", message: error instanceof Error ? error.message : String(error) }],
      };
    }
  };
}

function toPipelines(
  { config, path, texts, factories, file, unset }: Configuration,
  { log, showRecords }: PipelineOptions,
): PipelineConfig {
  log.hide(secretsOf(config));
  for (const name of unset) log.warn(`${file}: the environment variable ${name} is not set; it reads as empty`);
  return { config: showRecords ? withTerminal(config) : config, configPath: path, configTexts: texts, factories };
}

/** What a collector is started with for its whole life. */
function fixedProblems(atStart: Settings, now: Settings): Problem[] {
  const keys = { port: "port", host: "host", token: "token", allowedOrigins: "allowed_origins" } as const;
  return Object.entries(keys)
    .filter(([key]) => !isDeepStrictEqual(atStart[key as keyof typeof keys], now[key as keyof typeof keys]))
    .map(([, name]) => ({
      path: `${now.file}: telemetry.${name}`,
      message: "cannot change while the collector runs; stop it and start it again",
    }));
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
