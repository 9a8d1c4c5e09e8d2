// One option of an exporter in the user's own pipelines, for commands that look at what the exporter makes.

import { substituteEnvironment } from "@chriscode/devmux-telemetry-server/config";
import type { Shell } from "../shell.ts";
import type { Settings } from "./settings.ts";

/** A string option of the first exporter of that type (`queue`, `queue/mine`); undefined where it is not set. */
export function exporterOption(
  { collector }: Settings,
  type: string,
  key: string,
  env: Shell["env"],
): string | undefined {
  const value = exporterValue({ collector }, type, key, env);
  return typeof value === "string" ? value : undefined;
}

/** The same of any type. */
export function exporterValue(
  { collector }: Pick<Settings, "collector">,
  type: string,
  key: string,
  env: Shell["env"],
): unknown {
  const exporters = member(collector?.value, "exporters");
  if (typeof exporters !== "object" || exporters === null) return undefined;
  const id = Object.keys(exporters).find((each) => each === type || each.startsWith(`${type}/`));
  const option = id === undefined ? undefined : member(member(exporters, id), key);
  const { value, texts } = substituteEnvironment(option, env);
  return texts.get("") ?? value;
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
