// Where the configuration is: devmux.config.json in the working directory or the nearest directory above it.

import { statSync } from "node:fs";
import { dirname, join } from "node:path";

export const configFileName = "devmux.config.json";

/** The path of the nearest file, or undefined where there is none up to the root. */
export function findConfigFile(from: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    const candidate = join(directory, configFileName);
    if (statSync(candidate, { throwIfNoEntry: false })?.isFile()) return candidate;
    if (dirname(directory) === directory) return undefined;
  }
}
