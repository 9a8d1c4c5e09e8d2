#!/usr/bin/env node
// The program `devmux`: the only place that knows argv, the environment, signals and exit codes.

import { readFileSync } from "node:fs";
import { homedir, constants as os } from "node:os";
import { fileURLToPath } from "node:url";
import { daemonRoot, isDaemon } from "./daemon/root.ts";
import { run } from "./run.ts";
import type { ParentProcess, Shell } from "./shell.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const shell: Shell = {
  env: process.env,
  cwd: process.cwd(),
  homeDir: homedir(),
  stdinIsTerminal: process.stdin.isTTY === true,
  stdout: process.stdout,
  stderr: process.stderr,
  version,
  entry: fileURLToPath(import.meta.url),
  onSignal(listener) {
    const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const handlers = names.map((name) => [name, () => listener(name, os.signals[name])] as const);
    for (const [name, handler] of handlers) process.on(name, handler);
    return () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    };
  },
  leave: (code) => process.exit(code),
  chdir: (directory) => process.chdir(directory),
  ...(process.send === undefined ? {} : { parent: parentProcess() }),
};

function parentProcess(): ParentProcess {
  let released = false;
  return {
    send: (message) => void (process.connected && process.send?.(message)),
    onMessage: (listener) => void process.on("message", listener),
    onDisconnect: (listener) => void process.on("disconnect", () => released || listener()),
    release() {
      released = true;
      if (process.connected) process.disconnect();
    },
  };
}

// `devmux … | head` ends when head has enough; that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode ?? 0);
});

const argv = process.argv.slice(2);
const root = isDaemon(argv) ? daemonRoot : (await import("./commands/root.ts")).root;
process.exitCode = await run(root, argv, shell);
shell.parent?.release();
