// The processes of this machine as far as a service needs them: who is whose child, and ending a family of them for good.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isSameProcess, processIdentity } from "../daemon/identity.ts";

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** On Linux the session, elsewhere the process group: both are those of the pane's first process. */
  readonly group: number;
  /** The program's name, at most 15 characters on Linux. */
  readonly name: string;
}

export function listProcesses(): ReadonlyMap<number, ProcessInfo> {
  const all = process.platform === "linux" ? fromProc() : fromPs();
  return new Map(all.map((info) => [info.pid, info]));
}

/** From a process to the first one, itself included. */
export function ancestry(pid: number, processes: ReadonlyMap<number, ProcessInfo>): readonly ProcessInfo[] {
  const line: ProcessInfo[] = [];
  for (let at = processes.get(pid); at !== undefined && !line.includes(at); at = processes.get(at.parent))
    line.push(at);
  return line;
}

/** A process with all that came from it, also what lost its parent but is still of its session. */
export function familyOf(pid: number, processes: ReadonlyMap<number, ProcessInfo>): readonly number[] {
  const family = new Set<number>(processes.has(pid) ? [pid] : []);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid: each, parent, group } of processes.values()) {
      if (family.has(each) || (!family.has(parent) && group !== pid)) continue;
      family.add(each);
      grown = true;
    }
  }
  return [...family];
}

export type EndedBy = "itself" | "SIGINT" | "SIGKILL";

export interface EndOptions {
  /** After the interrupt, before the kill. */
  readonly graceMs: number;
  readonly killedMs?: number;
}

/**
 * Ends a pane's first process and its family as Ctrl-C would: an interrupt, a wait, then SIGKILL for what is left. undefined
 * where something did not end even then. Each process is known by its start time, so no other one gets a signal.
 */
export async function endFamily(pid: number, { graceMs, killedMs = 2_000 }: EndOptions): Promise<EndedBy | undefined> {
  const known = new Map<number, string>();
  const look = () => {
    for (const each of familyOf(pid, listProcesses())) {
      const identity = known.has(each) ? undefined : processIdentity(each);
      if (identity !== undefined) known.set(each, identity);
    }
    return [...known].filter(([each, identity]) => isSameProcess(each, identity));
  };
  if (look().length === 0) return "itself";
  signalAll(look(), "SIGINT");
  if (await gone(look, graceMs)) return "SIGINT";
  signalAll(look(), "SIGKILL");
  for (const until = Date.now() + killedMs; Date.now() < until; await sleep(pollMs)) {
    const left = look();
    if (left.length === 0) return "SIGKILL";
    // One that was born of another in the moment of its death.
    signalAll(left, "SIGKILL");
  }
  return look().length === 0 ? "SIGKILL" : undefined;
}

/** Only a parent is told when a process ends; everyone else has to look. */
const pollMs = 30;

async function gone(look: () => readonly unknown[], timeoutMs: number): Promise<boolean> {
  for (const until = Date.now() + timeoutMs; Date.now() < until; await sleep(pollMs)) {
    if (look().length === 0) return true;
  }
  return look().length === 0;
}

function signalAll(processes: readonly (readonly [pid: number, identity: string])[], name: NodeJS.Signals): void {
  for (const [pid, identity] of processes) {
    try {
      if (pid !== process.pid && isSameProcess(pid, identity)) process.kill(pid, name);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** proc(5), /proc/<pid>/stat: comm in parentheses, then state, ppid, pgrp, session. Zombies have ended. */
function fromProc(): ProcessInfo[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const end = stat.lastIndexOf(")");
      const [state, parent, , session] = stat.slice(end + 2).split(" ");
      if (state === "Z" || state === "X") return [];
      const name = stat.slice(stat.indexOf("(") + 1, end);
      return [{ pid: Number(entry), parent: Number(parent), group: Number(session), name }];
    } catch {
      return [];
    }
  });
}

function fromPs(): ProcessInfo[] {
  const text = execFileSync("ps", ["-axo", "pid=,ppid=,pgid=,stat=,comm="], { encoding: "utf8", maxBuffer: 16 << 20 });
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    if (match === null || match[4]!.startsWith("Z")) return [];
    const name = match[5]!.slice(match[5]!.lastIndexOf("/") + 1);
    return [{ pid: Number(match[1]), parent: Number(match[2]), group: Number(match[3]), name }];
  });
}
