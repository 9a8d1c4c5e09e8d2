// Which file is the queue: the one that the `queue` exporter of the configuration writes, else where it is by default.

import { resolve } from "node:path";
import { defaultQueuePath, queuePath } from "@chriscode/devmux-telemetry-exporters/queue";
import { exporterOption } from "../config/exporter-option.ts";
import { readSettings } from "../config/settings.ts";
import { CliError } from "../errors.ts";
import type { Shell } from "../shell.ts";

/** A relative path starts where the collector's does. Throws ConfigError where the configuration cannot be read. */
export function queueFile(config: string | undefined, { cwd, homeDir, env }: Shell): string {
  const settings = readSettings({ config }, cwd);
  const path = exporterOption(settings, "queue", "path", env) ?? defaultQueuePath;
  return queuePath(path.startsWith("~") ? path : resolve(settings.directory, path), homeDir);
}

/** Says what is wrong where the queue cannot be read or changed; anything else is a fault of ours and goes on. */
export async function withQueueFile<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM" && code !== "ENOTDIR" && code !== "ELOOP") throw error;
    throw new CliError("DEVMUX_NO_QUEUE", `${path} cannot be read (${code})`);
  }
}
