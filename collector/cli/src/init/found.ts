// What a project's package.json files say about its services: the scripts that start something, and the ports they will have.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";

export interface FoundService {
  readonly name: string;
  readonly command: string;
  /** Relative to the project; undefined where it is the project itself. */
  readonly cwd: string | undefined;
  readonly port: number | undefined;
}

export interface FoundProject {
  readonly name: string;
  readonly services: readonly FoundService[];
}

interface Manifest {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: ReadonlySet<string>;
  readonly workspaces: readonly string[];
  readonly packageManager: string;
}

export function findProject(directory: string): FoundProject {
  const root = readManifest(directory);
  const runner = runnerOf(directory, root);
  const places = [undefined, ...workspaceDirectories(directory, root)];
  const found = places.flatMap((place) => servicesIn(directory, place, runner));
  return { name: root?.name ?? nameOf(basename(directory)), services: distinct(found) };
}

/** `dev:api`, `start:web` … where there are any, else `dev`, else `start`. */
function servicesIn(directory: string, place: string | undefined, runner: string): FoundService[] {
  const manifest = readManifest(place === undefined ? directory : join(directory, place));
  if (manifest === undefined) return [];
  const names = Object.keys(manifest.scripts);
  const parts = ["dev", "start"].map((prefix) =>
    names.filter((name) => name.startsWith(`${prefix}:`) && !isVariant(name)),
  );
  const chosen =
    parts.find((each) => each.length > 0) ??
    names
      .filter((name) => name === "dev" || name === "start")
      .sort()
      .slice(0, 1);
  return chosen.map((script) => ({
    name: nameOf(script.includes(":") ? script.slice(script.indexOf(":") + 1) : manifest.name),
    command: `${runner} ${script}`,
    cwd: place,
    port: portOf(manifest.scripts[script] ?? "", manifest.dependencies),
  }));
}

/** `dev:debug` is `dev` in another way, and no part of it. */
function isVariant(script: string): boolean {
  return /:(?:debug|inspect|prod|production|test|watch|build|clean|setup|https?|ios|android|all)$/.test(script);
}

/** A port that the command names, else the one that its framework takes. */
export function portOf(command: string, dependencies: ReadonlySet<string>): number | undefined {
  const named = /(?:^|\s)(?:(?:\w+_)?PORT=|--port[ =]|-p[ =]?)(\d{2,5})(?=\s|$)/.exec(command)?.[1];
  if (named !== undefined) return Number(named);
  const framework = frameworks.find(({ program }) => new RegExp(`(?:^|[\\s/])${program}(?:\\s|$)`).test(command));
  if (framework !== undefined) return framework.port;
  // A script that calls another program which calls the framework, as `node server.js` does, tells nothing.
  return /^(?:cross-env |npx )?(?:\S+ )?(?:dev|start)$/.test(command)
    ? frameworks.find(({ dependency }) => dependencies.has(dependency))?.port
    : undefined;
}

/** Each one's documented default. */
const frameworks: readonly { readonly program: string; readonly dependency: string; readonly port: number }[] = [
  { program: "next", dependency: "next", port: 3000 },
  { program: "nuxt", dependency: "nuxt", port: 3000 },
  { program: "react-scripts", dependency: "react-scripts", port: 3000 },
  { program: "astro", dependency: "astro", port: 4321 },
  { program: "ng", dependency: "@angular/cli", port: 4200 },
  { program: "expo", dependency: "expo", port: 8081 },
  { program: "webpack-dev-server", dependency: "webpack-dev-server", port: 8080 },
  { program: "storybook", dependency: "storybook", port: 6006 },
  { program: "wrangler", dependency: "wrangler", port: 8787 },
  { program: "vite", dependency: "vite", port: 5173 },
];

/** How scripts are run here: by what the manifest names, else by the lockfile that is there. */
function runnerOf(directory: string, manifest: Manifest | undefined): string {
  const named = /^(npm|pnpm|yarn|bun)@/.exec(manifest?.packageManager ?? "")?.[1];
  const locks = [
    ["pnpm-lock.yaml", "pnpm"],
    ["yarn.lock", "yarn"],
    ["bun.lock", "bun"],
    ["bun.lockb", "bun"],
  ] as const;
  return `${named ?? locks.find(([lock]) => exists(join(directory, lock)))?.[1] ?? "npm"} run`;
}

/** Workspaces are folders, or all folders in one (`apps/*`); more than that no one writes for what has a dev server. */
function workspaceDirectories(directory: string, root: Manifest | undefined): string[] {
  const patterns = [...(root?.workspaces ?? []), ...pnpmWorkspaces(directory)];
  const found = patterns.flatMap((pattern) => {
    const folder = pattern.replace(/^\.\//, "").replace(/\/$/, "");
    if (/^[!]|\.\./.test(folder)) return [];
    if (!folder.endsWith("/*")) return folder.includes("*") ? [] : [folder];
    const parent = folder.slice(0, -2);
    return parent.includes("*") ? [] : foldersIn(join(directory, parent)).map((name) => `${parent}/${name}`);
  });
  return [...new Set(found)].filter((folder) => exists(join(directory, folder, "package.json")));
}

function pnpmWorkspaces(directory: string): readonly string[] {
  const text = readText(join(directory, "pnpm-workspace.yaml"));
  if (text === undefined) return [];
  try {
    // Loaded where there is such a file only.
    const { parse } = createRequire(import.meta.url)("yaml") as typeof import("yaml");
    return texts((parse(text) as { packages?: unknown } | null)?.packages);
  } catch {
    return [];
  }
}

function readManifest(directory: string): Manifest | undefined {
  const text = readText(join(directory, "package.json"));
  if (text === undefined) return undefined;
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const keys = (value: unknown) => (typeof value === "object" && value !== null ? Object.keys(value) : []);
  const scripts = Object.entries(raw.scripts ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  const { workspaces } = raw;
  return {
    name: nameOf(typeof raw.name === "string" ? raw.name : basename(directory)),
    // A script's name becomes part of a command line.
    scripts: Object.fromEntries(scripts.filter(([name]) => /^[\w:.-]+$/.test(name))),
    dependencies: new Set([...keys(raw.dependencies), ...keys(raw.devDependencies)]),
    workspaces: texts(
      Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: unknown } | undefined)?.packages,
    ),
    packageManager: typeof raw.packageManager === "string" ? raw.packageManager : "",
  };
}

/** As a service may be called; `@shop/web` is `web`. */
function nameOf(text: string): string {
  const name = text
    .replace(/^@[^/]*\//, "")
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "")
    .slice(0, 40);
  return name === "" || name === "telemetry" || name === "logs" ? `app${name === "" ? "" : `-${name}`}` : name;
}

function distinct(services: readonly FoundService[]): FoundService[] {
  const taken = new Set<string>();
  return services.map((service) => {
    let name = service.name;
    for (let number = 2; taken.has(name); number++) name = `${service.name.slice(0, 36)}-${number}`;
    taken.add(name);
    return { ...service, name };
  });
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function foldersIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}
