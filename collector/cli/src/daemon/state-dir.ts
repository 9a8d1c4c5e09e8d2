// The directory that holds what the program keeps: ~/.devmux, or $DEVMUX_HOME. Only its owner may look inside.

import { mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { CliError } from "../errors.ts";
import type { Shell } from "../shell.ts";

export function stateDirectory({ env, homeDir, cwd }: Pick<Shell, "env" | "homeDir" | "cwd">): string {
  return env.DEVMUX_HOME ? resolve(cwd, env.DEVMUX_HOME) : join(homeDir, ".devmux");
}

/** Creates it with mode 0700 where it is missing. Throws where others could write to it: they could name a process to be killed. */
export function prepareStateDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError("DEVMUX_STATE_DIR", `cannot create the state directory ${directory} (${code})`, [
      "choose another one with DEVMUX_HOME=/path/to/directory",
    ]);
  }
  const found = statSync(directory);
  if (!found.isDirectory())
    throw new CliError("DEVMUX_STATE_DIR", `${directory} is no directory`, ["remove it, or set DEVMUX_HOME"]);
  const uid = process.getuid?.();
  if (uid === undefined) return;
  if (found.uid !== uid) {
    throw new CliError("DEVMUX_STATE_DIR", `${directory} belongs to another user (uid ${found.uid}, this is ${uid})`, [
      "set DEVMUX_HOME to a directory of your own",
    ]);
  }
  if ((found.mode & 0o022) !== 0) {
    throw new CliError("DEVMUX_STATE_DIR", `other users can write to ${directory}`, [
      `close it: chmod 700 ${directory}`,
    ]);
  }
}
