// The project of a devmux.config.json: its name, its services, and the session that they have in tmux.

import { hash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { ConfigError, parseWith } from "@chriscode/devmux-telemetry-server/config";
import { findConfigFile } from "../config/find.ts";
import { parseJsonc } from "../config/jsonc.ts";
import { CliError, unknownService } from "../errors.ts";
import { startOrder } from "./order.ts";
import { type ServiceConfig, servicesSchema } from "./services.ts";

export interface Service extends ServiceConfig {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
}

export interface Project {
  readonly name: string;
  readonly file: string;
  readonly directory: string;
  /** Each after those that it depends on. */
  readonly services: readonly Service[];
  /** `devmux-<project>`: letters, digits, `-` and `_`. */
  readonly sessionName: string;
  /** Tells the session of this project from one that only has its name. */
  readonly mark: string;
}

/** Throws ConfigError with every problem; CliError where there is no file, or no service in it. */
export function readProject({ config }: { readonly config?: string | undefined }, cwd: string): Project {
  const file = config === undefined ? findConfigFile(cwd) : resolve(cwd, config);
  if (file === undefined) {
    throw new CliError("DEVMUX_NO_SERVICES", "there is no devmux.config.json here or above", ["make one: devmux init"]);
  }
  const project = parseProject(file, readText(file));
  if (project.services.length === 0) {
    throw new CliError("DEVMUX_NO_SERVICES", `${file} names no services`, [
      'add some: "services": { "api": { "command": "npm run dev", "health": { "port": 3000 } } }',
    ]);
  }
  return project;
}

export function parseProject(file: string, text: string): Project {
  const json = parseJsonc(text);
  if (!json.ok) throw new ConfigError([{ path: file, message: json.message }]);
  const raw = typeof json.value === "object" && json.value !== null ? (json.value as Record<string, unknown>) : {};
  const parsed = parseWith(servicesSchema, { project: raw.project, services: raw.services ?? {} }, "");
  if (!parsed.ok) {
    throw new ConfigError(parsed.problems.map(({ path, message }) => ({ path: `${file}: ${path}`, message })));
  }
  const directory = dirname(file);
  const { project: name = basename(directory), services } = parsed.value;
  const named = Object.entries(services).map(([service, init]) => ({
    ...init,
    name: service,
    directory: resolve(directory, init.cwd),
  }));
  return {
    name,
    file,
    directory,
    services: startOrder(named),
    sessionName: `devmux-${slugOf(name)}`,
    mark: hash("sha256", realPath(directory)).slice(0, 12),
  };
}

/** Throws CliError with the nearest name. */
export function serviceOf(project: Project, name: string): Service {
  const found = project.services.find((service) => service.name === name);
  if (found === undefined)
    throw unknownService(
      name,
      project.services.map((service) => service.name),
    );
  return found;
}

function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .slice(0, 33)
    .replace(/^[-_]+|[-_]+$/g, "");
  return slug === "" ? "project" : slug;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = code === "ENOENT" ? "there is no such file" : `cannot be read (${code})`;
    throw new ConfigError([{ path: file, message }]);
  }
}

function realPath(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
