// The collector in the process that `start` has spawned.

import type { Settings } from "../../config/settings.ts";
import { createLog } from "../../daemon/log.ts";
import { rotating } from "../../daemon/log-file.ts";
import { describeFailure, serve } from "../../daemon/serve.ts";
import { createShownFile, shownFile } from "../../daemon/shown-file.ts";
import { logFile } from "../../daemon/spawn.ts";
import { stateDirectory } from "../../daemon/state-dir.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { createConfiguredCollector, createReload } from "../../pipelines.ts";
import type { Output, Shell } from "../../shell.ts";

export async function runBackground(settings: Settings, shell: Shell): Promise<ExitCode> {
  const stateDir = stateDirectory(shell);
  // `start` has made the log file this process's stderr.
  const log = createLog(rotating(shell.stderr, logFile(stateDir)), shell.env);
  showInFile(createShownFile(shownFile(stateDir)));
  const options = { settings, shell, stateDir, log, showRecords: false };
  const result = await serve({
    stateDir,
    shell,
    log,
    host: settings.host,
    background: true,
    create: (own) => createConfiguredCollector(options, own),
    reload: createReload(options),
  });
  if (result.kind !== "failed") return exitCodes.ok;
  const failure = describeFailure(result.error);
  // What is nobody's mistake but ours needs the stack; the others say all there is to say.
  const { error } = result;
  const text = failure.kind === "other" && error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error(`did not start: ${text}`);
  return exitCodes.failed;
}

/** Nobody sees this process's standard output; a component that writes there (`debug`, one of the user's own) is read in a file. */
function showInFile(file: Output): void {
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const written = file.write(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
    const done = rest.find((each): each is () => void => typeof each === "function");
    if (done !== undefined) process.nextTick(done);
    return written;
  }) as typeof process.stdout.write;
}
