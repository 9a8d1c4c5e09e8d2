// Which process a pid means. A pid alone is used again after a process has ended; with the process's start time it is not.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Identifies the process that has `pid` now; undefined where there is none, or only a zombie that nobody has collected. */
export function processIdentity(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** Whether the process with this pid is the one that `identity` was taken of. */
export function isSameProcess(pid: number, identity: string): boolean {
  return processIdentity(pid) === identity;
}

/** `<boot id>:<start time in clock ticks since boot>`: proc(5), /proc/<pid>/stat fields 3 and 22. */
function fromProc(pid: number): string | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return undefined;
  const bootId = readOrUndefined("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return `${bootId}:${fields[18]}`;
}

function fromPs(pid: number): string | undefined {
  try {
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [state = "Z", ...started] = line.trim().split(/\s+/);
    return state.startsWith("Z") ? undefined : started.join(" ");
  } catch {
    return undefined;
  }
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
