// Whether a service works: its port takes a connection, its address answers well, or its command says so.

import { spawn } from "node:child_process";
import { connect } from "node:net";
import type { Service } from "./project.ts";
import type { Health } from "./services.ts";

/** A service on this machine answers at once; one that is busy starting may take a moment. */
const connectTimeoutMs = 1_000;
const httpTimeoutMs = 3_000;
const commandTimeoutMs = 10_000;

/** `env` is what a health command is run with. Never throws. */
export async function isHealthy(
  health: Health,
  { directory, env }: Pick<Service, "directory" | "env">,
  environment: NodeJS.ProcessEnv,
): Promise<boolean> {
  switch (health.kind) {
    case "port":
      return (await Promise.all(["127.0.0.1", "::1"].map((host) => takesConnection(host, health.port)))).includes(true);
    case "http":
      return answersWell(health.url);
    case "command":
      return succeeds(health.command, directory, { ...environment, ...env });
  }
}

export function describeHealth(health: Health | undefined): string {
  switch (health?.kind) {
    case undefined:
      return "its command";
    case "port":
      return `port ${health.port}`;
    case "http":
      return health.url;
    case "command":
      return `\`${health.command}\``;
  }
}

/** The port that tells which process it is; undefined where the address is not this machine's or a command decides. */
export function portOf(health: Health | undefined): number | undefined {
  if (health?.kind === "port") return health.port;
  if (health?.kind !== "http") return undefined;
  const { hostname, port, protocol } = new URL(health.url);
  if (!/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return undefined;
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

export function takesConnection(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(connectTimeoutMs, () => end(false));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

async function answersWell(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(httpTimeoutMs) });
    await answer.body?.cancel();
    return answer.status < 400;
  } catch {
    return false;
  }
}

/** The user's own text, in a shell. Its process group ends with it. */
function succeeds(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", command], { cwd, env, stdio: "ignore", detached: true });
    const timer = setTimeout(() => endGroup(child.pid), commandTimeoutMs);
    child.once("error", () => {
      clearTimeout(timer);
      resolve(false);
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
