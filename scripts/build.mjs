// Builds every package: `tsc -b` for what runs on Node, then the client's bundles. Only what has changed is built.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stampFile } from "./lib/stale.mjs";
import { bin, root, runNode, say, usePinnedNode } from "./lib/workspace.mjs";

await usePinnedNode();
const startedAt = Date.now();

const steps = [
  ["protocol, sdk, collector, exporters, cli (tsc -b)", [bin("typescript", "bin/tsc"), "-b"]],
  ["the client's bundles (sdk/scripts/build.mjs)", [join(root, "sdk", "scripts", "build.mjs")]],
];

for (const [what, args] of steps) {
  if (!existsSync(args[0])) continue;
  say(`building ${what}`);
  // stdout too goes to stderr: `pnpm devmux … --json` builds when it has to.
  const code = await runNode(args, { stdio: ["ignore", 2, 2] });
  if (code !== 0) {
    say("the build failed; the lines above say where");
    process.exit(code);
  }
}

mkdirSync(dirname(stampFile), { recursive: true });
writeFileSync(stampFile, "");
say(`built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
