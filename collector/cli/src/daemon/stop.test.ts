// How a collector is ended that does not do what it should: real processes that misbehave in one way each.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processIdentity } from "./identity.ts";
import { writeLastRun } from "./last-run.ts";
import { type CollectorState, stateFile, writeState } from "./state-file.ts";
import { stopCollector } from "./stop.ts";

const limits = { askMs: 500, drainMs: 200, graceMs: 200 };
let directory: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "devmux-stop-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

/** A program that listens, says where, and answers each request with `answer`. */
async function startFake(answer: string, more = ""): Promise<CollectorState> {
  const script = `require("http").createServer((request, response) => { ${answer} })
    .listen(0, "127.0.0.1", function () { console.log(this.address().port); }); ${more}`;
  child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(child.stdout!, "data");
  const state = {
    pid: child.pid!,
    processIdentity: processIdentity(child.pid!)!,
    url: `ws://127.0.0.1:${Number(String(port))}`,
    controlToken: "token",
    instanceId: "fake",
    version: "1.0.0",
    startedAt: 1,
    stopping: false,
  };
  writeState(directory, state);
  return state;
}

const agree = "response.writeHead(202).end('{}');";

test("one that does as it is asked gets no signal, and is asked with the token", async () => {
  const checked = `if (request.headers.authorization !== "Bearer token" || request.method !== "POST" || request.url !== "/api/stop") return response.writeHead(401).end("{}");`;
  const state = await startFake(`${checked} ${agree} process.exit(0);`);
  const totals = { accepted: 3, exporters: [{ id: "queue", sent: 2, kept: 0, lost: { shutdown: 1 } }] };
  const lastRun = { instanceId: "fake", version: "1.0.0", startedAt: 1, stoppedAt: 2, reason: "stop", totals };
  writeLastRun(directory, lastRun);
  expect(await stopCollector(directory, state, limits)).toEqual({ by: "request", lastRun });
});

test("what another collector said of its end is not shown for this one", async () => {
  const state = await startFake(`${agree} process.exit(0);`);
  const totals = { accepted: 0, exporters: [] };
  writeLastRun(directory, { instanceId: "older", version: "1", startedAt: 1, stoppedAt: 2, reason: "stop", totals });
  expect(await stopCollector(directory, state, limits)).toEqual({ by: "request" });
});

test("one that is stopping already is waited for, not asked and not signalled", async () => {
  const state = await startFake("process.abort();", "setTimeout(() => process.exit(0), 100);");
  expect(await stopCollector(directory, { ...state, stopping: true }, limits)).toEqual({ by: "request" });
  expect(child!.signalCode).toBeNull();
});

test("one that refuses the request is told by SIGTERM", async () => {
  const state = await startFake("response.writeHead(401).end('{}');");
  expect(await stopCollector(directory, state, limits)).toEqual({ by: "SIGTERM" });
});

test("one that agrees and stays is told by SIGTERM", async () => {
  const state = await startFake(agree);
  expect(await stopCollector(directory, state, limits)).toEqual({ by: "SIGTERM" });
});

test("one that hears nothing is killed, and its state file goes", async () => {
  const state = await startFake("", 'process.on("SIGTERM", () => {});');
  expect(await stopCollector(directory, state, limits)).toEqual({ by: "SIGKILL" });
  expect(existsSync(stateFile(directory))).toBe(false);
});

test("a stopped process (SIGSTOP) is killed", async () => {
  const state = await startFake(agree);
  child!.kill("SIGSTOP");
  expect(await stopCollector(directory, state, limits)).toEqual({ by: "SIGKILL" });
});

test("a process that only has the pid gets nothing", async () => {
  const state = await startFake("response.writeHead(401).end('{}');");
  await stopCollector(directory, { ...state, processIdentity: "boot:1" }, limits);
  expect(child!.exitCode).toBeNull();
  expect(child!.signalCode).toBeNull();
  expect(processIdentity(child!.pid!)).toBe(state.processIdentity);
});
