// Starts processes that work on a queue together, and reads what they say.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Job } from "./queue-child.ts";

export interface QueueProcess {
  readonly process: ChildProcess;
  /** Everything that it has said. */
  readonly said: Record<string, unknown>[];
  /** Resolves with the next thing that it says. */
  next(): Promise<Record<string, unknown>>;
  /** Resolves with everything when it has ended well; rejects where it has not. */
  readonly done: Promise<Record<string, unknown>[]>;
}

const child = fileURLToPath(new URL("./queue-child.ts", import.meta.url));

export function startQueueProcess(job: Job, prefix: readonly string[] = []): QueueProcess {
  const [command = "", ...args] = [...prefix, process.execPath, "--disable-warning=ExperimentalWarning", child];
  const running = spawn(command, [...args, JSON.stringify(job)], { stdio: ["ignore", "pipe", "inherit"] });
  const said: Record<string, unknown>[] = [];
  const lines = createInterface({ input: running.stdout });
  lines.on("line", (line) => said.push(JSON.parse(line)));
  const done = Promise.all([once(running, "close"), once(lines, "close")]).then(([[code, signal]]) => {
    if (code !== 0) throw new Error(`${job.kind} ended with ${code ?? signal}`);
    return said;
  });
  // Who kills it does not wait for it.
  done.catch(() => undefined);
  return {
    process: running,
    said,
    async next() {
      const [line] = await once(lines, "line");
      return JSON.parse(line);
    },
    done,
  };
}

export function runAll(jobs: readonly Job[]): Promise<Record<string, unknown>[][]> {
  return Promise.all(jobs.map((job) => startQueueProcess(job).done));
}
