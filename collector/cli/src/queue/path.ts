// Where the queue is: as the `queue` exporter is configured, else where it is by default.

import { join, resolve } from "node:path";
import { exporterOption } from "../config/exporter-option.ts";
import type { Settings } from "../config/settings.ts";
import type { Shell } from "../shell.ts";

export function queuePath(settings: Settings, { homeDir }: Pick<Shell, "homeDir">): string {
  const configured = exporterOption(settings, "queue", "path");
  if (configured === undefined) return join(homeDir, ".opencode", "triggers", "queue.jsonl");
  return configured.startsWith("~/") ? join(homeDir, configured.slice(2)) : resolve(settings.directory, configured);
}
