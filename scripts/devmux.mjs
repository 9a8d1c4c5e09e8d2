// `pnpm devmux …`: the command line of this clone, built first where it is missing or older than its source.

import { join } from "node:path";
import { isStale } from "./lib/stale.mjs";
import { cliEntry, root, runNode, usePinnedNode } from "./lib/workspace.mjs";

await usePinnedNode();

if (isStale()) {
  const code = await runNode([join(root, "scripts", "build.mjs")]);
  if (code !== 0) process.exit(code);
}

// pnpm runs scripts in the workspace's root; the user's directory decides which devmux.config.json counts.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
// In this process: signals, the terminal and the exit code are the program's own.
await import(cliEntry);
