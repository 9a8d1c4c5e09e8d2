// `pnpm bench [name…]`: runs every bench/*.bench.mjs, one after the other, so that none disturbs another's figures.

import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { root, runNode, say, usePinnedNode } from "./lib/workspace.mjs";

await usePinnedNode();
const wanted = process.argv.slice(2);

const built = await runNode([join(root, "scripts", "build.mjs")]);
if (built !== 0) process.exit(built);

const benches = find(root).filter((path) => wanted.length === 0 || wanted.some((name) => path.includes(name)));
if (benches.length === 0)
  say(wanted.length === 0 ? "there are no benchmarks" : `no benchmark is called ${wanted.join(" or ")}`);

let failed = benches.length === 0 ? 1 : 0;
for (const path of benches) {
  say(relative(root, path));
  if ((await runNode([path])) !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;

function find(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return ["node_modules", "dist", ".git"].includes(entry.name) ? [] : find(path);
      return entry.name.endsWith(".bench.mjs") && directory.endsWith("bench") ? [path] : [];
    });
}
