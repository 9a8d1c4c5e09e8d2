// Who listens on a port: from /proc on Linux, else from lsof. Undefined where it cannot be known (another user's process,
// the host of a container).

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { visible } from "../show/visible.ts";

export interface PortHolder {
  readonly pid: number;
  /** Its command line, safe to print, at most 100 characters. */
  readonly command: string;
}

export function findPortHolder(port: number): PortHolder | undefined {
  const pid = process.platform === "linux" ? (fromProc(port) ?? fromLsof(port)) : fromLsof(port);
  return pid === undefined ? undefined : { pid, command: commandOf(pid) };
}

/** `pid 123 (node server.js)`, or that it cannot be known. */
export function describePortHolder(holder: PortHolder | undefined): string {
  return holder === undefined ? "a process that this user may not see" : `pid ${holder.pid} (${holder.command})`;
}

function fromProc(port: number): number | undefined {
  const sockets = new Set(
    ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeningSockets(readOrEmpty(table), port)),
  );
  if (sockets.size === 0) return undefined;
  for (const entry of listOrEmpty("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    for (const descriptor of listOrEmpty(`/proc/${entry}/fd`)) {
      if (sockets.has(linkOrEmpty(`/proc/${entry}/fd/${descriptor}`))) return Number(entry);
    }
  }
  return undefined;
}

/** proc(5), /proc/net/tcp: local address, state (0A listens) and inode of each socket, as `socket:[inode]`. */
export function listeningSockets(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(suffix) === true && state === "0A")
    .map((fields) => `socket:[${fields[9]}]`);
}

function fromLsof(port: number): number | undefined {
  try {
    const args = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fp"];
    const found = /^p(\d+)$/m.exec(
      execFileSync("lsof", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: lsofTimeoutMs }),
    );
    return found ? Number(found[1]) : undefined;
  } catch {
    return undefined;
  }
}

/** lsof can hang on a dead network mount; the name of the holder is not worth more. */
const lsofTimeoutMs = 3_000;
const maxCommandLength = 100;

function commandOf(pid: number): string {
  const fromKernel = readOrEmpty(`/proc/${pid}/cmdline`).split("\0").filter(Boolean).join(" ");
  const command = visible(fromKernel || fromPs(pid) || "unknown command");
  return command.length > maxCommandLength ? `${command.slice(0, maxCommandLength - 1)}…` : command;
}

function fromPs(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function listOrEmpty(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkOrEmpty(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
