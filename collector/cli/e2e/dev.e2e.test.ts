// `devmux dev` and `devmux watch`: services in a real tmux, with a collector; what is not ours is never touched.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { processIdentity } from "../src/daemon/identity.ts";
import { exitCodes } from "../src/exit-codes.ts";
import { freePort } from "./ports.ts";
import { createWorld, type World, type WorldOptions } from "./world.ts";

const server = `import { createServer } from "node:http";
console.log("starting", process.env.GREETING);
createServer((request, response) => {
  if (request.url === "/crash") setTimeout(() => { throw new TypeError("card is undefined"); }, 5);
  response.end("ok");
}).listen(Number(process.env.PORT), "127.0.0.1", () => console.log("listening"));
`;

type Services = Readonly<Record<string, unknown>>;

async function worldWith(services: Services, options: WorldOptions = {}): Promise<World> {
  const world = await createWorld({ receivers: { devmux: {}, pane: {} }, ...options });
  onTestFinished(async () => {
    await world.devmux("dev", "stop");
    await world[Symbol.asyncDispose]();
  });
  setServices(world, services);
  writeFileSync(join(world.dir, "project", "server.mjs"), server);
  return world;
}

function setServices(world: World, services: Services): void {
  const file = join(world.dir, "project", "devmux.config.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), services }));
}

const node = `"${process.execPath}"`;

async function api(more: object = {}) {
  const port = await freePort();
  const health = { http: `http://127.0.0.1:${port}/` };
  return {
    port,
    service: { command: `${node} server.mjs`, env: { PORT: port, GREETING: "a ; b' $HOME #{pid};" }, health, ...more },
  };
}

const panes = async (world: World) =>
  (await world.tmux("list-panes", "-s", "-t", "=devmux-e2e:", "-F", "#{window_name} #{pane_dead}")).trim().split("\n");
const json = async (world: World, ...args: string[]) => JSON.parse((await world.devmux(...args, "--json")).stdout);

test("services, telemetry and logs in one session, in order; their errors in the queue and in their stream; stop leaves nothing", async () => {
  const { port, service } = await api();
  const world = await worldWith({
    job: { command: "echo working; sleep 1000;", dependsOn: ["api"] },
    api: service,
  });
  const started = await world.devmux("dev", "start");
  expect(started.stderr).toBe("");
  expect(started.code).toBe(exitCodes.ok);
  expect(started.stdout.indexOf("  api ")).toBeLessThan(started.stdout.indexOf("  job "));
  expect(await panes(world)).toEqual(["telemetry 0", "logs 0", "api 0", "job 0"]);
  expect(await json(world, "dev", "status")).toMatchObject({
    online: true,
    session: "devmux-e2e",
    services: { api: true, job: true, telemetry: true },
    details: [
      { name: "api", watched: true },
      { name: "job", watched: true },
    ],
  });
  // The environment came as it is written.
  const logs = await world.devmux("dev", "logs", "api", "-n", "2");
  expect(logs.stdout).toBe("starting a ; b' $HOME #{pid};\nlistening\n");

  await fetch(`http://127.0.0.1:${port}/crash`);
  const crash = await world.until("the crash in the queue", () =>
    world.queue().find(({ severity }) => severity === "error"),
  );
  expect(crash).toMatchObject({
    service: "node:api",
    source: "telemetry:node:api",
    pattern: "node-error",
    rawContent: "TypeError: card is undefined",
    status: "pending",
  });
  expect(crash.stackTrace?.join("\n")).toMatch(/server\.mjs:4:\d+/);
  await world.until(
    "the crash in the stream",
    () => world.spool("node:api").includes("card is undefined") || undefined,
  );
  await world.until(
    "the crash among the logs",
    async () => (await world.devmux("dev", "logs", "logs")).stdout.includes("card is undefined") || undefined,
  );
  expect((await world.devmux("dev", "status")).stdout).toContain("ended with exit code 1");

  const again = await world.devmux("dev", "start");
  expect(again.stdout).toMatch(/api +ready after/);
  expect(again.stdout).toMatch(/job +runs already, in this session/);
  const stopped = await world.devmux("dev", "stop");
  expect([stopped.code, stopped.stderr]).toEqual([exitCodes.ok, ""]);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect(await world.tmux("list-sessions", "-F", "#{session_name}").catch(() => "")).not.toContain("devmux-e2e");
  expect((await world.devmux("telemetry", "status")).code).toBe(exitCodes.notRunning);
  expect((await world.devmux("dev", "status")).code).toBe(exitCodes.notRunning);
});

test("a service that is healthy elsewhere is left alone, at start, restart and stop: outside tmux, and in another session", async () => {
  const outside = createServer((_request, response) => response.end("ok")).listen(0, "127.0.0.1");
  await once(outside, "listening");
  onTestFinished(() => void outside.close());
  const { port } = outside.address() as AddressInfo;
  const inTmux = await api();
  const world = await worldWith({ outside: { command: "false", health: { port } }, elsewhere: inTmux.service });
  await world.tmux(
    "new-session",
    "-d",
    "-s",
    "mine",
    "-c",
    join(world.dir, "project"),
    "-e",
    `PORT=${inTmux.port}`,
    "--",
    process.execPath,
    "server.mjs",
  );
  await world.until("the server in tmux", () =>
    fetch(`http://127.0.0.1:${inTmux.port}/`).then(
      () => true,
      () => undefined,
    ),
  );

  const started = await world.devmux("dev", "start");
  expect(started.code).toBe(exitCodes.ok);
  expect(started.stdout).toMatch(new RegExp(`outside +runs already, outside tmux: pid ${process.pid} `));
  expect(started.stdout).toMatch(/elsewhere +runs already, in the tmux session mine \(pid \d+\)/);
  expect(await panes(world)).toEqual(["telemetry 0", "logs 0"]);
  const restart = await world.devmux("dev", "restart", "outside");
  expect([restart.code, restart.stderr]).toEqual([exitCodes.failed, expect.stringContaining("not ours to end")]);
  await world.devmux("dev", "stop");
  expect((await fetch(`http://127.0.0.1:${port}/`)).ok).toBe(true);
  expect((await fetch(`http://127.0.0.1:${inTmux.port}/`)).ok).toBe(true);
  expect(await world.tmux("list-sessions", "-F", "#{session_name}")).toContain("mine");
});

test("sessions and windows of the user's are never touched: prefix twins, the very name, a window and a split in our session", async () => {
  const { service } = await api();
  const world = await worldWith({ api: service });
  for (const name of ["devmux-e2e", "devmux-e2e-twin", "devmux"])
    await world.tmux("new-session", "-d", "-s", name, "--", "sleep", "1000");
  expect((await world.devmux("dev", "start")).code).toBe(exitCodes.ok);
  expect(await world.tmux("list-sessions", "-F", "#{session_name}")).toContain("devmux-e2e-2");
  await world.tmux("new-window", "-d", "-t", "=devmux-e2e-2:", "-n", "mine", "--", "sleep", "1000");
  await world.tmux("split-window", "-d", "-t", "=devmux-e2e-2:api", "--", "sleep", "1000");
  const stopped = await world.devmux("dev", "stop");
  expect(stopped.stdout).toContain("has windows of yours and stays");
  const left = (await world.tmux("list-panes", "-a", "-F", "#{session_name}:#{pane_current_command}"))
    .trim()
    .split("\n");
  for (const name of ["devmux", "devmux-e2e", "devmux-e2e-twin"]) expect(left).toContain(`${name}:sleep`);
  expect(left.filter((each) => each === "devmux-e2e-2:sleep")).toHaveLength(2);
});

test("what does not start says why, and what needs it is not started", async () => {
  const { port, service } = await api();
  const holder = createServer((_request, response) => {
    response.statusCode = 503;
    response.end();
  }).listen(port, "127.0.0.1");
  await once(holder, "listening");
  onTestFinished(() => void holder.close());
  const world = await worldWith({
    api: service,
    broken: { command: "echo no such thing >&2; exit 3", health: { port: await freePort() } },
    later: { command: "sleep 1000", dependsOn: ["broken"] },
  });
  const { code, stdout, stderr } = await world.devmux("dev", "start");
  expect(code).toBe(exitCodes.failed);
  expect(stdout).toMatch(new RegExp(`api +failed: port ${port} is held by pid ${process.pid} .*does not answer well`));
  expect(stdout).toMatch(/broken +failed: its command ended with exit code 3/);
  expect(stdout).toMatch(/later +skipped: it needs broken/);
  expect(stderr).toContain("not up: api, broken, later");
  expect((await world.devmux("dev", "logs", "broken")).stdout).toContain(
    "no such thing\n\n[devmux] broken exited with code 3",
  );
  // Nobody else has said why it ended.
  const exit = await world.until("the exit in the queue", () =>
    world.queue().find(({ pattern }) => pattern === "service-exit"),
  );
  expect(exit).toMatchObject({ severity: "error", service: "node:broken" });
  expect(holder.listening).toBe(true);
});

test("two starts at the same moment make one session with each service once", async () => {
  const { service } = await api();
  const world = await worldWith({ api: service });
  const codes = await Promise.all([1, 2, 3].map(async () => (await world.devmux("dev", "start")).code));
  expect(codes).toEqual([0, 0, 0]);
  expect(await panes(world)).toEqual(["telemetry 0", "logs 0", "api 0"]);
});

test("a collector that runs is left alone, and its log is what the window shows", async () => {
  const world = await worldWith({ job: { command: "sleep 1000" } });
  await world.start();
  const { pid } = await world.status();
  expect((await world.devmux("dev", "start")).stdout).toMatch(/telemetry +runs already/);
  await world.until(
    "the collector's log",
    async () => (await world.devmux("dev", "logs", "telemetry")).stdout.includes("ready at ws://") || undefined,
  );
  expect((await world.devmux("dev", "stop")).stdout).toMatch(/telemetry +goes on: it was not started here/);
  expect((await world.status()).pid).toBe(pid);
});

test("restart ends children too, also those that do not listen, and goes on in the same window", async () => {
  const world = await worldWith({
    job: { command: `sh -c 'trap "" INT; echo child $$; while :; do sleep 1; done' & echo up; wait` },
  });
  await world.devmux("dev", "start");
  const child = await world.until(
    "the child",
    async () => /child (\d+)/.exec((await world.devmux("dev", "logs", "job")).stdout)?.[1],
  );
  expect((await world.devmux("dev", "restart", "job")).code).toBe(exitCodes.ok);
  expect(processIdentity(Number(child))).toBeUndefined();
  expect((await world.devmux("dev", "logs", "job")).stdout.match(/child \d+/g)).not.toEqual([`child ${child}`]);
  expect(await panes(world)).toEqual(["telemetry 0", "logs 0", "job 0"]);
}, 30_000);

test("watch stop and start: what is printed between them is not read", async () => {
  const world = await worldWith({ job: { command: 'while read -r line; do echo "Error: $line"; done' } });
  await world.devmux("dev", "start");
  const say = async (text: string) => {
    await world.tmux("send-keys", "-t", "=devmux-e2e:job", text, "Enter");
    await world.until(
      text,
      async () => (await world.devmux("dev", "logs", "job")).stdout.includes(`Error: ${text}`) || undefined,
    );
  };
  const errors = () =>
    world
      .queue()
      .filter(({ severity }) => severity === "error")
      .map(({ rawContent }) => rawContent);
  await say("one");
  await world.until("one in the queue", () => errors().includes("Error: one") || undefined);
  expect((await world.devmux("watch", "stop", "job")).stdout).toBe("job: no longer watched\n");
  expect(await json(world, "watch", "status")).toEqual({
    services: [{ service: "job", stream: "node:job", running: true, watched: false }],
  });
  await say("two");
  expect((await world.devmux("watch", "start", "job")).stdout).toBe("job: watched from now on\n");
  expect((await world.devmux("watch", "start", "job")).stdout).toBe("job: is watched already\n");
  await say("three");
  await world.until("three in the queue", () => errors().includes("Error: three") || undefined);
  expect(errors()).toEqual(["Error: one", "Error: three"]);
});

test("nothing that a service prints reaches a command: what it says of tmux and the shell is text", async () => {
  const world = await worldWith({ job: { command: "cat nasty; sleep 1000" } });
  const nasty = [
    "Error: #(touch x1)",
    "Error: $(touch x2) `touch x3`",
    "\x1b]0;title\x07Error: #{pane_pid}",
    "\x1bP\x1b[21t\x1b[c",
    "'; touch x4; '",
  ];
  writeFileSync(join(world.dir, "project", "nasty"), `${nasty.join("\r\n")}\r\n`);
  await world.devmux("dev", "start");
  const found = await world.until("the lines in the queue", () => {
    const errors = world.queue().filter(({ severity }) => severity === "error");
    return errors.length >= 3 ? errors.map(({ rawContent }) => rawContent) : undefined;
  });
  expect(found).toEqual(["Error: #(touch x1)", "Error: $(touch x2) `touch x3`", "Error: #{pane_pid}"]);
  const { stdout } = await promisedSpawn("find", [world.dir, "-name", "x[1-4]"]);
  expect(stdout).toBe("");
});

async function promisedSpawn(command: string, args: string[]) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  await once(child, "close");
  return { stdout };
}

test("a service that takes its time is waited for, and what is waited for is said", async () => {
  const port = await freePort();
  const listen = `require("node:net").createServer().listen(${port}, "127.0.0.1")`;
  const command = `sleep 3; exec ${node} -e '${listen}'`;
  const world = await worldWith({ slow: { command, health: { port } } });
  const { code, stdout } = await world.devmux("dev", "start");
  expect(code).toBe(exitCodes.ok);
  expect(stdout).toContain(`slow         waiting for port ${port} (2 s)`);
  expect(stdout).toMatch(/slow +ready after 3\.\d s/);
});

test("attach shows a service's window in a terminal, and switches inside the same tmux", async () => {
  const world = await worldWith({ api: { command: "echo I am the api; sleep 1000" }, web: { command: "sleep 1000" } });
  await world.devmux("dev", "start");
  const outer = await createWorld();
  onTestFinished(() => outer[Symbol.asyncDispose]());
  const main = new URL("../dist/main.js", import.meta.url).pathname;
  const settings = ["HOME", "DEVMUX_HOME", "DEVMUX_TMUX_SOCKET"].flatMap((name) => [
    "-e",
    `${name}=${world.env[name]}`,
  ]);
  const cwd = join(world.dir, "project");
  const size = ["-x", "120", "-y", "30"];
  await outer.tmux(
    "new-session",
    "-d",
    "-s",
    "terminal",
    ...size,
    ...settings,
    "-c",
    cwd,
    "--",
    process.execPath,
    main,
    "dev",
    "attach",
    "api",
  );
  await world.until(
    "the window on the screen",
    async () =>
      (await outer.tmux("capture-pane", "-p", "-t", "=terminal:").catch(() => "")).includes("I am the api") ||
      undefined,
  );
  const client = () => world.tmux("list-clients", "-F", "#{session_name} #{window_name}");
  expect(await client()).toBe("devmux-e2e api\n");
  // The same terminal, in a session of the user's, from which `attach` is typed.
  await world.tmux("new-session", "-d", "-s", "mine", "-c", cwd, "--", "sh");
  await world.tmux("switch-client", "-t", "=mine:");
  await world.tmux("send-keys", "-t", "=mine:", `${process.execPath} ${main} dev attach web`, "Enter");
  await world.until("the switch", async () => (await client()) === "devmux-e2e web\n" || undefined);
});

test("a wrong name, no session, no services: each says what to do", async () => {
  const { service } = await api();
  const world = await worldWith({ api: service });
  const wrong = await world.devmux("dev", "restart", "apo");
  expect([wrong.code, wrong.stderr]).toEqual([exitCodes.notFound, expect.stringContaining('did you mean "api"')]);
  expect((await world.devmux("dev", "logs")).stderr).toContain("start it: devmux dev start");
  expect((await world.devmux("dev", "attach")).code).toBe(exitCodes.notRunning);
  setServices(world, {});
  const none = await world.devmux("dev", "start");
  expect([none.code, none.stderr]).toEqual([exitCodes.config, expect.stringContaining("names no services")]);
  expect((await world.devmux("dev", "stop")).code).toBe(exitCodes.config);
});
