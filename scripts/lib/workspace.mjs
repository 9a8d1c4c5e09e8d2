// What every script here needs: the workspace's root, its Node, running a command, saying things. Runs on any Node from 18.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const cliEntry = join(root, "collector", "cli", "dist", "main.js");

/** The workspace pins Node 24 as a dev dependency; the OpenTelemetry packages need 22.15. */
const pinnedNode = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** Goes on in the pinned Node where this one is too old; says how to begin where nothing is installed yet. */
export async function usePinnedNode() {
  if (!existsSync(pinnedNode)) {
    console.error("Nothing is installed yet. In this directory run:  npx -y pnpm@12 install");
    process.exit(1);
  }
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 15)) return;
  const child = spawn(pinnedNode, process.argv.slice(1), { stdio: "inherit" });
  // A Ctrl-C reaches the child by itself; the others are for this process alone.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.exit(await new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1))));
}

/** The file of a dependency's command, e.g. `bin("typescript", "bin/tsc")`; run it with `process.execPath`. */
export function bin(packageName, file, from = root) {
  return join(from, "node_modules", packageName, file);
}

/** Runs a command with its output shown; resolves to its exit code, 1 where a signal ended it. Never throws. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], ...options });
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

export function runNode(args, options) {
  return run(process.execPath, args, options);
}

/** A line of progress, on stderr so that stdout stays the program's own. */
export function say(text) {
  const colour = process.stderr.isTTY && !process.env.NO_COLOR;
  console.error(colour ? `\u001b[1m› ${text}\u001b[0m` : `› ${text}`);
}

/** The first of some programs that is in PATH, as a path; undefined where none is. */
export function findProgram(...names) {
  for (const directory of (process.env.PATH ?? "").split(":")) {
    for (const name of names) if (directory !== "" && existsSync(join(directory, name))) return join(directory, name);
  }
  return undefined;
}
