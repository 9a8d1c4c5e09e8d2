import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { processIdentity } from "../daemon/identity.ts";
import { ancestry, endFamily, familyOf, listProcesses } from "./processes.ts";

/** A shell that leads a session, as a pane's does. Says `ready` when its own children are there. */
async function shell(script: string): Promise<ChildProcess & { pid: number }> {
  const child = spawn("sh", ["-c", script], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {
      // It has ended.
    }
  });
  await once(child.stdout!, "data");
  return child as ChildProcess & { pid: number };
}

test("who came from whom", async () => {
  const { pid } = await shell("sleep 60 & (sleep 60 &) ; echo ready; wait");
  const processes = listProcesses();
  expect(familyOf(pid, processes)).toHaveLength(3);
  expect(ancestry(pid, processes).map((each) => each.pid)).toContain(process.pid);
});

test("an interrupt ends a shell and its children, also those that lost their parent", async () => {
  const { pid } = await shell("trap : INT; (sleep 60 &) ; sleep 60 & echo ready; wait");
  // Background children of a shell without job control ignore the interrupt: they are what the kill is for.
  const family = familyOf(pid, listProcesses());
  expect(await endFamily(pid, { graceMs: 200 })).toBe("SIGKILL");
  expect(family.filter((each) => processIdentity(each) !== undefined)).toEqual([]);
});

test("one that ends by the interrupt is not killed", async () => {
  const child = await shell("trap 'exit 7' INT; echo ready; while :; do sleep 0.05; done");
  const ended = once(child, "exit");
  expect(await endFamily(child.pid, { graceMs: 5_000 })).toBe("SIGINT");
  expect(await ended).toEqual([7, null]);
});

test("one that does not listen is killed after its time", async () => {
  const { pid } = await shell("trap '' INT TERM HUP; echo ready; while :; do sleep 1; done");
  const begun = performance.now();
  expect(await endFamily(pid, { graceMs: 300 })).toBe("SIGKILL");
  expect(performance.now() - begun).toBeGreaterThan(290);
  expect(processIdentity(pid)).toBeUndefined();
});

test("a process that is not there is no work", async () => {
  const child = await shell("echo ready");
  if (child.exitCode === null) await once(child, "exit");
  expect(await endFamily(child.pid, { graceMs: 5_000 })).toBe("itself");
});
