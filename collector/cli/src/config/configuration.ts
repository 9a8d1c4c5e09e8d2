// From settings to what a collector is made of: the pipelines with the environment put in, and every component they may name.

import { dirname } from "node:path";
import {
  type CollectorConfig,
  createBlueprint,
  defaultConfig,
  loadOwnComponents,
  withDefaultStorage,
} from "@chriscode/devmux-telemetry-server";
import type { AnyFactory } from "@chriscode/devmux-telemetry-server/component";
import {
  ConfigError,
  type Problem,
  substituteEnvironment,
  type Texts,
} from "@chriscode/devmux-telemetry-server/config";
import { factories } from "../components.ts";
import type { Shell } from "../shell.ts";
import { type Flags, inspectSettings, type Settings } from "./settings.ts";

export interface Configuration {
  readonly config: CollectorConfig;
  /** Where it stands in its file. */
  readonly path: string;
  readonly texts: Texts;
  /** Ours, and those that the configuration names by package or path. */
  readonly factories: readonly AnyFactory[];
  /** Undefined for the default pipelines. */
  readonly file: string | undefined;
  /** Variables that are not set and read as empty. */
  readonly unset: readonly string[];
}

/** Throws ConfigError where a reference or a component of the user's own is wrong, with what else is wrong beside it. */
export async function readConfiguration(settings: Settings, env: Shell["env"]): Promise<Configuration> {
  const { configuration, problems } = await inspectConfiguration(settings, env);
  if (problems.length === 0) return configuration;
  throw new ConfigError(mergeProblems(problems, problemsOfBlueprint(configuration, settings)));
}

export interface ConfigurationReport {
  readonly settings: Settings | undefined;
  readonly configuration: Configuration | undefined;
  readonly problems: readonly Problem[];
}

/** Everything that is wrong with the file that these flags mean, in one report; nothing is started or written. */
export async function checkConfiguration(
  flags: Flags,
  { cwd, env }: Pick<Shell, "cwd" | "env">,
): Promise<ConfigurationReport> {
  try {
    const { settings, problems } = inspectSettings(flags, cwd);
    const inspected = await inspectConfiguration(settings, env);
    const { configuration } = inspected;
    const further = mergeProblems(inspected.problems, problemsOfBlueprint(configuration, settings));
    return { settings, configuration, problems: [...problems, ...further] };
  } catch (error) {
    if (error instanceof ConfigError)
      return { settings: undefined, configuration: undefined, problems: error.problems };
    throw error;
  }
}

async function inspectConfiguration(
  { collector: source }: Settings,
  env: Shell["env"],
): Promise<{ configuration: Configuration; problems: readonly Problem[] }> {
  if (source === undefined) {
    const base = { path: "", texts: new Map<string, string>(), factories, file: undefined, unset: [] };
    return { configuration: { config: withDefaultStorage(defaultConfig(), factories), ...base }, problems: [] };
  }
  const { file, path } = source;
  const { value, problems, unset, texts } = substituteEnvironment(source.value, env);
  const under = (place: string) => [path, place].filter((part) => part !== "").join(".");
  const own = await loadOwnComponents(value, { directory: dirname(file), basePath: path });
  const known = [...factories, ...own.factories];
  // What `devmux` forwards is to outlive it; what the user says of storage himself stands.
  const config = withDefaultStorage(value as CollectorConfig, known);
  return {
    configuration: { config, path, texts, unset, file, factories: known },
    problems: [
      ...problems.map(({ path: place, message }) => ({ path: inFile(under(place), file), message })),
      ...own.problems.map(({ path: place, message }) => ({ path: inFile(place, file), message })),
    ],
  };
}

function problemsOfBlueprint(configuration: Configuration, { host, port }: Settings): readonly Problem[] {
  const { config, factories: known, path, texts, file } = configuration;
  try {
    createBlueprint(config, known, { basePath: path, texts, address: { host, port } });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return nameFile(error, file).problems;
    throw error;
  }
}

/** What follows from a problem at a place is not said again. */
function mergeProblems(first: readonly Problem[], then: readonly Problem[]): readonly Problem[] {
  return [...first, ...then.filter(({ path }) => !first.some((each) => each.path === path))];
}

/** The same problems, each with the file that it is in. */
export function nameFile({ problems }: ConfigError, file: string | undefined): ConfigError {
  return new ConfigError(
    problems.map(({ path, message }) => ({ path: file === undefined ? path : inFile(path, file), message })),
  );
}

function inFile(path: string, file: string): string {
  return path === "" ? file : `${file}: ${path}`;
}
