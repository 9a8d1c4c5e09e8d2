// The dev session as the collector's HTTP API controls it: the project whose configuration the collector was started with.

import { setTimeout as sleep } from "node:timers/promises";
import type { DevControl } from "@chriscode/devmux-telemetry-server";
import type { Log } from "@chriscode/devmux-telemetry-server/component";
import type { Shell } from "../shell.ts";
import { type Environment, exclusively, openEnvironment } from "./environment.ts";
import { describeOutcome, startAll, works } from "./start.ts";
import { readStatus } from "./status.ts";
import { stopRest, stopServices } from "./stop.ts";

export interface DevControlOptions {
  readonly file: string;
  readonly shell: Shell;
  readonly log: Log;
  /** Stops this collector. */
  stop(): void;
}

/** A session is there in some 50 ms; another start that is under way is not waited for. */
const answerWithinMs = 3_000;

export function createDevControl({ file, shell, log, stop }: DevControlOptions): DevControl {
  // Read anew for each request: the file may have changed.
  const open = () => openEnvironment({ config: file }, shell);

  async function startInBackground(environment: Environment): Promise<void> {
    const { promise: begun, resolve, reject } = Promise.withResolvers<void>();
    const work = exclusively(environment, () =>
      startAll(environment, {
        listener: {
          begun: () => resolve(),
          outcome: (name, outcome) => {
            if (!works(outcome)) log.warn(`dev session: ${name} ${describeOutcome(outcome)}`);
          },
        },
      }),
    );
    work.then(() => resolve(), reject);
    await Promise.race([begun, sleep(answerWithinMs, undefined, { ref: false })]);
  }

  return {
    status: async () => readStatus(open(), true),
    async start() {
      const environment = open();
      await startInBackground(environment);
      return { success: true, message: "Tmux session started", session: environment.project.sessionName };
    },
    async stop() {
      const environment = open();
      const session = environment.project.sessionName;
      if ((await environment.locate()).session === undefined)
        return { success: true, message: "Tmux session was not running", session, finish: () => undefined };
      const stopped = await exclusively(environment, () => stopServices(environment));
      const stuck = stopped.some(({ kind }) => kind === "stuck");
      const finish = () => {
        exclusively(environment, () => stopRest(environment, { self: { pid: process.pid, stop } })).catch(
          (error: unknown) => log.warn("dev session: its windows could not be closed", { error: String(error) }),
        );
      };
      return stuck
        ? { success: false, message: "A process did not end, not even by SIGKILL", session, finish: () => undefined }
        : { success: true, message: "Tmux session stopped", session, finish };
    },
  };
}
