// <stateDir>/collector.json: which process is the collector, where it listens, the token that controls it.
// It is there while a collector runs; one left behind by a collector that was killed is recognised by the process's identity.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { type PrivateJson, readPrivateJson, writePrivateJson } from "@chriscode/devmux-telemetry-server/files";
import { z } from "zod";

export interface CollectorState {
  readonly pid: number;
  /** Of the process that has the pid; see identity.ts. */
  readonly processIdentity: string;
  /** What clients connect to, e.g. `ws://127.0.0.1:9876`. */
  readonly url: string;
  /** 256 bits, base64url; who knows it may read the status and stop the collector. */
  readonly controlToken: string;
  /** New for every start. */
  readonly instanceId: string;
  readonly version: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** It takes nothing more and delivers what it has. */
  readonly stopping: boolean;
}

const stateSchema: z.ZodType<CollectorState> = z.object({
  pid: z.int().positive(),
  processIdentity: z.string().min(1),
  url: z.url({ protocol: /^wss?$/ }),
  controlToken: z.string().min(1),
  instanceId: z.string().min(1),
  version: z.string(),
  startedAt: z.number(),
  stopping: z.boolean(),
});

export function stateFile(stateDir: string): string {
  return join(stateDir, "collector.json");
}

export function readState(stateDir: string): PrivateJson<CollectorState> {
  return readPrivateJson(stateFile(stateDir), stateSchema);
}

export function writeState(stateDir: string, state: CollectorState): void {
  writePrivateJson(stateFile(stateDir), state);
}

/** Removes the file of this collector; one that another has written stays. */
export function removeState(stateDir: string, instanceId: string): void {
  const found = readState(stateDir);
  if (found.kind === "read" && found.value.instanceId === instanceId) rmSync(stateFile(stateDir), { force: true });
}
