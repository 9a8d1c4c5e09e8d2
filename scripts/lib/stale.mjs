// Whether what is built is older than what it is built from.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { cliEntry, root } from "./workspace.mjs";

/** Touched by every build that succeeded. */
export const stampFile = join(root, "node_modules", ".cache", "devmux-build");

const sources = ["protocol", "sdk", "collector", "exporters"];
const skipped = new Set(["node_modules", "dist", "bench", "fixtures"]);
const source = /(?<!\.test)\.(ts|mjs)$|^(package|tsconfig.*)\.json$/;

export function isStale() {
  const builtAt = Math.min(modifiedAt(stampFile), modifiedAt(cliEntry) === 0 ? 0 : Number.POSITIVE_INFINITY);
  return sources.some((name) => hasNewer(join(root, name), builtAt));
}

function hasNewer(directory, since) {
  return readdirSync(directory, { withFileTypes: true }).some((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return !skipped.has(entry.name) && hasNewer(path, since);
    return source.test(entry.name) && modifiedAt(path) > since;
  });
}

/** Milliseconds; 0 where there is no such file. */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
