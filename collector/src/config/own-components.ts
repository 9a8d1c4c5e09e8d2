// Components of the user's own: what a configuration names by package or path, loaded in the same way for every kind.

import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { AnyFactory } from "../component/factory.ts";
import { isModulePath, parseId } from "./ids.ts";
import { joinPath, type Problem } from "./problems.ts";
import { type Kind, kinds, sectionOf } from "./shape.ts";

export interface OwnComponents {
  /** With the package or path as `type`, as the configuration names them. */
  readonly factories: readonly AnyFactory[];
  readonly problems: readonly Problem[];
}

export interface OwnComponentsOptions {
  /** Absolute; packages and relative paths are looked for from here: the directory of the configuration's file. */
  readonly directory: string;
  /** Where the configuration stands in that file. */
  readonly basePath?: string;
}

/** Imports every module that `raw` names as a component. What is wrong with one is a problem with its path; never rejects. */
export async function loadOwnComponents(
  raw: unknown,
  { directory, basePath = "" }: OwnComponentsOptions,
): Promise<OwnComponents> {
  const factories = new Map<string, AnyFactory>();
  const problems: Problem[] = [];
  for (const kind of kinds) {
    for (const id of idsOf(raw, sectionOf(kind))) {
      const parsed = parseId(id);
      if (typeof parsed === "string" || !isModulePath(parsed.type)) continue;
      const loaded = await load(parsed.type, kind, directory);
      if (typeof loaded !== "string") factories.set(`${kind} ${parsed.type}`, loaded);
      else problems.push({ path: joinPath(basePath, [sectionOf(kind), id]), message: loaded });
    }
  }
  return { factories: [...factories.values()], problems };
}

function idsOf(raw: unknown, section: string): string[] {
  const map = typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>)[section] : undefined;
  return typeof map === "object" && map !== null ? Object.keys(map) : [];
}

/** The factory, or what is wrong. */
async function load(type: string, kind: Kind, directory: string): Promise<AnyFactory | string> {
  const file = locate(type, directory);
  if (!file.ok) return file.message;
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(file.path).href)) as Record<string, unknown>;
  } catch (error) {
    return `${file.path} could not be loaded: ${error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : String(error)}`;
  }
  const exported = module.factory;
  if (exported === undefined) {
    const names = Object.keys(module);
    const found = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}`;
    return `${file.path} has no export "factory"; ${found}`;
  }
  const read = factorySchema.safeParse(exported);
  if (!read.success) return `the factory of ${file.path} is none: ${z.prettifyError(read.error).replace(/\s+/g, " ")}`;
  if (read.data.kind !== kind) {
    return `${file.path} is a factory of kind "${read.data.kind}"; configure it under ${sectionOf(read.data.kind)}, not ${sectionOf(kind)}`;
  }
  return { ...(exported as AnyFactory), type, aliases: [] };
}

type Located = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly message: string };

/** As an `import` in a file of that directory would find it. */
function locate(type: string, directory: string): Located {
  const { resolve } = createRequire(join(directory, "devmux.config.json"));
  // `require` knows where to look; the conditions are those of `import`, for packages that have nothing else.
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === type
        ? next(specifier, { ...context, conditions: ["node", "import", "module-sync", "default"] })
        : next(specifier, context),
  });
  try {
    return { ok: true, path: resolve(type) };
  } catch (error) {
    return { ok: false, message: notFound(type, directory, error as NodeJS.ErrnoException) };
  } finally {
    hooks.deregister();
  }
}

function notFound(type: string, directory: string, { code, message }: NodeJS.ErrnoException): string {
  if (code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND")
    return `"${type}" cannot be used: ${message.split("\n")[0]}`;
  const [, path, name] = /^([./].*\.[cm]?[jt]s)\/(.+)$/.exec(type) ?? [];
  if (path !== undefined)
    return `there is no "${type}" in ${directory}; for a second one of ${path} write "${path}#${name}"`;
  return /^[./]/.test(type)
    ? `there is no "${type}" in ${directory}; expected the path of a JavaScript file, from the configuration's directory`
    : `the package "${type}" is not installed for ${directory}; install it there: npm install ${type}`;
}

const callable = z.custom<(...values: never[]) => unknown>(
  (value) => typeof value === "function",
  "expected a function",
);

/** What every factory has, whoever wrote it; its own configuration is checked by its own schema. */
const factorySchema = z.object({
  kind: z.enum(kinds),
  summary: z.string(),
  config: z.custom(
    (value) => typeof (value as { safeParse?: unknown } | null)?.safeParse === "function",
    "expected a zod schema",
  ),
  create: callable,
});
