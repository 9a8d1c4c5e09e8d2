// From settings to a collector: the user's pipelines or the default ones, with the terminal as an exporter where it is asked for.

import { type Collector, type CollectorConfig, ConfigError, createCollector } from "@chriscode/devmux-telemetry-server";
import { secretsOf } from "@chriscode/devmux-telemetry-server/config";
import { nameFile, readConfiguration } from "./config/configuration.ts";
import type { Settings } from "./config/settings.ts";
import type { OwnLog } from "./daemon/log.ts";
import type { OwnOptions } from "./daemon/serve.ts";
import { createDevControl } from "./dev/control.ts";
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
export async function createConfiguredCollector(
  { settings, shell, stateDir, log, showRecords }: PipelineOptions,
  own: OwnOptions,
): Promise<Collector> {
  const { host, port, token, allowedOrigins } = settings;
  const { config, path, texts, factories, file, unset } = await readConfiguration(settings, shell.env);
  log.hide([own.controlToken, ...(token === undefined ? [] : [token]), ...secretsOf(config)]);
  for (const name of unset) log.warn(`${file}: the environment variable ${name} is not set; it reads as empty`);
  try {
    return createCollector({
      ...own,
      config: showRecords ? withTerminal(config) : config,
      configPath: path,
      configTexts: texts,
      factories,
      address: { host, port },
      stateDir,
      version: shell.version,
      log,
      allowedOrigins,
      ...(settings.file === undefined
        ? {}
        : { dev: createDevControl({ file: settings.file, shell, log, stop: own.onStopRequested }) }),
      ...(token === undefined ? {} : { clientToken: token }),
    });
  } catch (error) {
    throw error instanceof ConfigError ? nameFile(error, file) : error;
  }
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
