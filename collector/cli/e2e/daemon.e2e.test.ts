// The collector's process as a user meets it: the built `devmux`, real processes, real ports.

import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createOwnAddresses } from "@chriscode/devmux-telemetry-server/addresses";
import { afterEach, describe, expect, test } from "vitest";
import { drainDeadlineMs } from "../src/daemon/drain.ts";
import { exitCodes } from "../src/exit-codes.ts";
import { connectRaw } from "./raw-client.ts";
import { createWorld, type World } from "./world.ts";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const networkAddress = createOwnAddresses()
  .external()
  .find((address) => !address.includes(":"));
const disposals: (() => unknown)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

/** The process is what these tests are about, so one exporter is enough. */
const collector = {
  receivers: { devmux: {} },
  exporters: { tmux: {} },
  service: { pipelines: { logs: { receivers: ["devmux"], exporters: ["tmux"] } } },
};

async function world(telemetry: Readonly<Record<string, unknown>> = {}): Promise<World> {
  const made = await createWorld({ telemetry: { collector, ...telemetry } });
  disposals.push(() => made[Symbol.asyncDispose]());
  return made;
}

function stateOf({ stateDir }: World): Record<string, unknown> {
  return JSON.parse(readFileSync(join(stateDir, "collector.json"), "utf8"));
}

function isAlive(pid: number): boolean {
  // A zombie that nobody collects is as good as gone.
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

function keepAlive(child: ChildProcess): ChildProcess {
  disposals.push(() => child.kill("SIGKILL"));
  return child;
}

function startForeground(w: World, ...options: string[]): ChildProcess {
  const args = [main, "telemetry", "start", "--foreground", ...options];
  return keepAlive(
    spawn(process.execPath, args, { cwd: join(w.dir, "project"), env: w.env, stdio: ["ignore", "pipe", "pipe"] }),
  );
}

/** The text that a child has written up to the moment when it matches. */
function output(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      text += chunk;
      if (pattern.test(text)) resolve(text);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("close", (code) => reject(new Error(`ended with ${code} before ${pattern}:\n${text}`)));
  });
}

describe("start, status, stop", () => {
  test("the whole life, with every file for its owner only", async () => {
    const w = await world();
    const before = await w.devmux("telemetry", "status");
    expect([before.code, before.stdout]).toEqual([exitCodes.notRunning, expect.stringContaining("Not running")]);

    const started = await w.devmux("telemetry", "start");
    expect([started.code, started.stderr]).toEqual([0, ""]);
    expect(started.stdout).toContain(`Telemetry Server: Running (${w.url})`);

    const report = await w.status();
    expect(report).toMatchObject({ running: true, url: w.url, streams: [], version: expect.any(String) });
    expect(report.pid).toBe(stateOf(w).pid);
    expect(isAlive(report.pid)).toBe(true);
    expect(Buffer.from(String(stateOf(w).controlToken), "base64url").length).toBe(32);
    expect(statSync(w.stateDir).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(w.stateDir)) {
      const { mode } = statSync(join(w.stateDir, name));
      expect([name, mode & 0o077]).toEqual([name, 0]);
    }

    const again = await w.devmux("telemetry", "start");
    expect([again.code, again.stdout]).toEqual([
      0,
      `Telemetry Server: already running (${w.url}), pid ${report.pid}\n`,
    ]);

    const stopped = await w.devmux("telemetry", "stop");
    expect([stopped.code, stopped.stderr]).toEqual([0, ""]);
    expect(stopped.stdout).toContain(`stopped (pid ${report.pid})`);
    expect(isAlive(report.pid)).toBe(false);
    expect(existsSync(join(w.stateDir, "collector.json"))).toBe(false);

    const after = await w.devmux("telemetry", "stop");
    expect([after.code, after.stdout]).toEqual([0, "Telemetry Server: not running\n"]);
  });

  test("stop says what became of the records", async () => {
    const w = await world();
    await w.start();
    const client = await connectRaw(w.url, "client");
    await client.hello({ "service.name": "app" }, { kind: "node" });
    for (let i = 0; i < 3; i++) client.log(`record ${i}`);
    await client.close();
    await w.until("the records in the spool", () => w.spool("node:app").includes("record 2") || undefined);
    const { stdout } = await w.devmux("telemetry", "stop");
    expect(stdout).toContain("3 taken\n");
    expect(stdout).toContain("tmux: 3 delivered\n");
  });

  test("started four times at one moment, one runs and all say so", async () => {
    const w = await world();
    const starts = await Promise.all([1, 2, 3, 4].map(() => w.devmux("telemetry", "start")));
    expect(starts.map(({ code, stderr }) => [code, stderr])).toEqual([1, 2, 3, 4].map(() => [0, ""]));
    const { pid } = await w.status();
    expect(starts.filter(({ stdout }) => stdout.includes("Running ("))).toHaveLength(1);
    for (const { stdout } of starts) expect(stdout).toContain(`pid ${pid}`);
  });

  test("on any free port, and on another than the file's", async () => {
    const w = await world();
    const { stdout } = await w.devmux("telemetry", "start", "--port", "0");
    const url = /ws:\/\/127\.0\.0\.1:\d+/.exec(stdout)![0];
    expect(url).not.toBe(w.url);
    expect((await w.status()).url).toBe(url);
    const again = await w.devmux("telemetry", "start");
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining(`does not listen on port ${w.port}`)]);
  });

  test("for phones: it warns, names addresses and the token, and this machine still controls it", async () => {
    const w = await world();
    const { code, stderr, stdout } = await w.devmux("telemetry", "start", "--host", "0.0.0.0");
    expect(code).toBe(0);
    expect(stdout).toContain(`(ws://127.0.0.1:${w.port})`);
    expect(stderr).toContain("warning: with host 0.0.0.0 every device on the network can send");
    expect(stderr).toContain("token");
    expect(stderr).toMatch(new RegExp(`a phone connects to ws://\\S+:${w.port}|no network interface is up`));
    expect((await w.status()).running).toBe(true);
    expect((await w.devmux("telemetry", "stop")).stdout).toContain("stopped");
  });

  test.skipIf(networkAddress === undefined)("on one address of the network, this machine controls it too", async () => {
    const w = await world();
    const url = `ws://${networkAddress}:${w.port}`;
    expect((await w.devmux("telemetry", "start", "--host", networkAddress!)).stdout).toContain(`Running (${url})`);
    expect(await w.status()).toMatchObject({ running: true, url });
    const stopped = await w.devmux("telemetry", "stop");
    expect([stopped.code, stopped.stderr]).toEqual([0, ""]);
  });
});

describe("what is left of a collector", () => {
  test("that was killed: status tells, start recovers", async () => {
    const w = await world();
    await w.start();
    const { pid } = await w.status();
    await w.kill();
    const status = await w.devmux("telemetry", "status", "--json");
    expect(status.code).toBe(exitCodes.notRunning);
    expect(JSON.parse(status.stdout)).toMatchObject({ running: false, reason: expect.stringContaining(`pid ${pid}`) });
    const started = await w.devmux("telemetry", "start");
    expect([started.code, started.stderr]).toEqual([0, expect.stringContaining("ended without being stopped")]);
    expect((await w.status()).pid).not.toBe(pid);
  });

  test("whose pid another program has now: that one is left alone, start recovers", async () => {
    const w = await world();
    await w.start();
    const state = stateOf(w);
    await w.kill();
    const bystander = keepAlive(spawn("sleep", ["600"], { stdio: "ignore" }));
    writeFileSync(join(w.stateDir, "collector.json"), JSON.stringify({ ...state, pid: bystander.pid }));
    expect((await w.devmux("telemetry", "status")).code).toBe(exitCodes.notRunning);
    expect((await w.devmux("telemetry", "stop")).code).toBe(0);
    expect(isAlive(bystander.pid!)).toBe(true);
    expect((await w.devmux("telemetry", "start")).code).toBe(0);
    expect(isAlive(bystander.pid!)).toBe(true);
    expect((await w.status()).pid).not.toBe(bystander.pid);
  });

  test.each(["", "{", '{"pid": 1}'])("a state file that holds %j is none", async (text) => {
    const w = await world();
    mkdirSync(w.stateDir, { mode: 0o700, recursive: true });
    writeFileSync(join(w.stateDir, "collector.json"), text);
    expect((await w.devmux("telemetry", "status")).code).toBe(exitCodes.notRunning);
    expect((await w.devmux("telemetry", "start")).code).toBe(0);
    expect((await w.status()).running).toBe(true);
  });

  test("that hangs: status says so, and is right again when it goes on", async () => {
    const w = await world();
    await w.start();
    const { pid } = await w.status();
    process.kill(pid, "SIGSTOP");
    const status = await w.devmux("telemetry", "status", "--json");
    process.kill(pid, "SIGCONT");
    expect(status.code).toBe(exitCodes.notResponding);
    expect(JSON.parse(status.stdout)).toMatchObject({ running: false, pid });
    expect((await w.status()).pid).toBe(pid);
  });
});

describe("what stands in the way", () => {
  test("a missing tmux is said with what installs it, and nothing else waits for it", async () => {
    const w = await world();
    const bin = join(w.dir, "bin");
    mkdirSync(bin);
    w.env.PATH = bin;
    const { code, stderr } = await w.devmux("telemetry", "start");
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^warning: exporter tmux: tmux is not installed.*install tmux/),
    ]);
    expect((await w.devmux("telemetry", "status")).stdout).toMatch(
      /Needs attention:\n {2}exporter tmux: tmux is not installed/,
    );
  });

  test("a port that somebody has is named with its holder", async () => {
    const w = await world();
    const script = `require("net").createServer().listen(${w.port}, "127.0.0.1", () => console.log("up"))`;
    const holder = keepAlive(spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] }));
    await once(holder.stdout!, "data");
    const { code, stdout, stderr } = await w.devmux("telemetry", "start");
    expect([code, stdout]).toEqual([exitCodes.portInUse, ""]);
    expect(stderr).toContain(`port ${w.port} on 127.0.0.1 is in use by pid ${holder.pid} (`);
    expect(stderr).toContain("--port");
    expect((await w.devmux("telemetry", "status")).code).toBe(exitCodes.notRunning);
  });

  test("a port that another state directory's collector has is recognised", async () => {
    const first = await world();
    await first.start();
    const second = await world();
    const { code, stderr } = await second.devmux("telemetry", "start", "--port", String(first.port));
    expect(code).toBe(exitCodes.portInUse);
    expect(stderr).toContain("DevMux collector of another state directory");
    expect((await first.status()).running).toBe(true);
  });

  test("a configuration that is wrong: every problem, with its file, before anything is started", async () => {
    const w = await world({
      collector: {
        receivers: { devmux: {} },
        exporters: { tmux: { histroy_limit: 5 } },
        service: { pipelines: { logs: { receivers: ["devmux"], exporters: ["tmx"] } } },
      },
    });
    const { code, stdout, stderr } = await w.devmux("telemetry", "start");
    expect([code, stdout]).toEqual([exitCodes.config, ""]);
    const file = join(w.dir, "project", "devmux.config.json");
    expect(stderr).toContain(`${file}: telemetry.collector.exporters.tmux.histroy_limit`);
    expect(stderr).toContain('did you mean "history_limit"?');
    expect(stderr).toContain(`${file}: telemetry.collector.service.pipelines.logs.exporters[0]`);
    expect(stderr).toContain('did you mean "tmux"?');
    expect(existsSync(join(w.stateDir, "collector.json"))).toBe(false);
  });

  test("telemetry that is switched off is said, and nothing is started", async () => {
    const w = await world({ enabled: false });
    const { code, stdout } = await w.devmux("telemetry", "start");
    expect([code, stdout]).toEqual([0, expect.stringContaining("telemetry.enabled is false")]);
    expect((await w.devmux("telemetry", "status")).code).toBe(exitCodes.notRunning);
  });

  test("an address that is not this machine's", async () => {
    const w = await world();
    const { code, stderr } = await w.devmux("telemetry", "start", "--host", "192.0.2.1");
    expect([code, stderr]).toEqual([exitCodes.failed, expect.stringContaining("no address of this machine")]);
  });
});

describe("in the foreground", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s stops it cleanly", async (signal) => {
    const w = await world();
    const child = startForeground(w);
    await output(child, /Running \(/);
    expect((await w.status()).pid).toBe(child.pid);
    const stopped = output(child, /Stopped\.\n {2}0 taken/);
    child.kill(signal);
    await stopped;
    expect(await once(child, "close")).toEqual([0, null]);
    expect(existsSync(join(w.stateDir, "collector.json"))).toBe(false);
  });

  test("`devmux telemetry stop` stops it too", async () => {
    const w = await world();
    const child = startForeground(w);
    await output(child, /Running \(/);
    const closed = once(child, "close");
    expect((await w.devmux("telemetry", "stop")).stdout).toContain(`stopped (pid ${child.pid})`);
    expect(await closed).toEqual([0, null]);
  });

  test("where one runs already, it says so", async () => {
    const w = await world();
    await w.start();
    const { code, stdout } = await w.devmux("telemetry", "start", "--foreground");
    expect([code, stdout]).toEqual([0, expect.stringContaining("already running")]);
  });

  test.each(["told twice", "left alone"])("started by a program and %s, it stops once and cleanly", async (end) => {
    const w = await world();
    const options = { cwd: join(w.dir, "project"), env: w.env, silent: true };
    const child = keepAlive(fork(main, ["telemetry", "start", "--foreground"], options));
    const [ready] = await once(child, "message");
    expect(ready).toMatchObject({ type: "ready", url: w.url, pid: child.pid });
    const exited = once(child, "exit");
    if (end === "left alone") child.disconnect();
    else for (let i = 0; i < 2; i++) child.send({ type: "stop" });
    expect(await exited).toEqual([0, null]);
    expect(existsSync(join(w.stateDir, "last-run.json"))).toBe(true);
  });
});

describe("a stop while a destination does not answer", () => {
  /** A server that takes requests and answers none, as the only exporter's destination. */
  async function withStuckDestination(): Promise<{ world: World; asked: Promise<unknown> }> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    disposals.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const asked = once(server, "request");
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const w = await world({
      collector: {
        receivers: { devmux: {} },
        exporters: { otlp_http: { endpoint } },
        service: { pipelines: { logs: { receivers: ["devmux"], exporters: ["otlp_http"] } } },
      },
    });
    return { world: w, asked };
  }

  async function sendOne(w: World, asked: Promise<unknown>): Promise<void> {
    const client = await connectRaw(w.url, "client");
    await client.hello({ "service.name": "app" }, { kind: "node" });
    client.log("on its way");
    await asked;
    client.socket.terminate();
  }

  test("gives up at the deadline and says what is kept for the next start", async () => {
    const { world: w, asked } = await withStuckDestination();
    await w.start();
    await sendOne(w, asked);
    const startedAt = Date.now();
    const { code, stdout, stderr } = await w.devmux("telemetry", "stop");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("otlp_http: 0 delivered, 1 kept for the next start");
    expect(Date.now() - startedAt).toBeLessThan(drainDeadlineMs + 3_000);
  });

  test("meanwhile status says so, stop waits with it, and start comes after it", async () => {
    const { world: w, asked } = await withStuckDestination();
    await w.start();
    await sendOne(w, asked);
    const { pid } = await w.status();
    const first = w.devmux("telemetry", "stop");
    await w.until("the state file to say it", () => stateOf(w).stopping || undefined);
    const status = await w.devmux("telemetry", "status");
    expect([status.code, status.stdout]).toEqual([
      exitCodes.notRunning,
      expect.stringContaining(`pid ${pid} is stopping`),
    ]);
    const [second, started] = await Promise.all([w.devmux("telemetry", "stop"), w.devmux("telemetry", "start")]);
    expect([second.code, second.stdout]).toEqual([0, expect.stringContaining("stopping already")]);
    expect([started.code, started.stdout]).toEqual([0, expect.stringContaining("Running (")]);
    expect((await first).code).toBe(0);
    expect((await w.status()).pid).not.toBe(pid);
  });

  test("in the foreground a second Ctrl-C leaves at once", async () => {
    const { world: w, asked } = await withStuckDestination();
    const child = startForeground(w);
    await output(child, /Running \(/);
    await sendOne(w, asked);
    const stopping = output(child, /Stopping: what is queued/);
    child.kill("SIGINT");
    await stopping;
    const startedAt = Date.now();
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  });
});

describe("--json", () => {
  test.each([
    ["no collector", false],
    ["a collector", true],
  ])("with %s: one object, and nothing else on stdout", async (_name, running) => {
    const w = await world();
    if (running) await w.start();
    const { stdout, stderr } = await w.devmux("telemetry", "status", "--json");
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(JSON.parse(stdout).running).toBe(running);
    expect(stderr).toBe("");
  });
});
