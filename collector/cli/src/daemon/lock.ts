// One collector for a state directory.

import { join } from "node:path";
import { type FileLock, lockFile } from "@chriscode/devmux-telemetry-server/files";

export type { FileLock as Lock } from "@chriscode/devmux-telemetry-server/files";

/** The lock, or undefined where another process (or another part of this one) has it. */
export function tryLock(stateDir: string, name = "collector.lock"): FileLock | undefined {
  return lockFile(join(stateDir, name));
}
