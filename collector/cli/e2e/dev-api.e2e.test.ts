// The dev session over the collector's HTTP API, as a control panel uses it.

import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { processIdentity } from "../src/daemon/identity.ts";
import { freePort } from "./ports.ts";
import { createWorld, type World } from "./world.ts";

async function worldWithServices(host = "127.0.0.1"): Promise<{ world: World; call: Call; port: number }> {
  const world = await createWorld({ receivers: { devmux: {}, pane: {} }, telemetry: { host } });
  onTestFinished(async () => {
    await world.devmux("dev", "stop");
    await world[Symbol.asyncDispose]();
  });
  const port = await freePort();
  const file = join(world.dir, "project", "devmux.config.json");
  const listen = `require("node:net").createServer().listen(${port}, "127.0.0.1")`;
  const services = { api: { command: `"${process.execPath}" -e '${listen}'`, health: { port } } };
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), services }));
  return { world, call: caller(world), port };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
type Call = (
  method: string,
  path: string,
  more?: { token?: boolean; host?: string; headers?: object },
) => Promise<Answer>;

function caller(world: World): Call {
  return (method, path, { token = false, host = "127.0.0.1", headers = {} } = {}) =>
    new Promise((resolve, reject) => {
      const state = token ? JSON.parse(readFileSync(join(world.stateDir, "collector.json"), "utf8")) : undefined;
      const authorization = state === undefined ? {} : { authorization: `Bearer ${state.controlToken}` };
      const options = {
        host,
        port: world.port,
        method,
        path: `/api/dev/tmux/${path}`,
        headers: { ...authorization, ...headers },
      };
      request(options, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
      })
        .on("error", reject)
        .end();
    });
}

test("status, start and stop answer as documented; the session comes, its services work, and it goes", async () => {
  const { world, call } = await worldWithServices();
  await world.start();
  expect(await call("GET", "status")).toEqual({
    status: 200,
    body: { online: false, session: "devmux-e2e", panes: [], services: { api: false, telemetry: true } },
  });
  expect(await call("POST", "start", { token: true })).toEqual({
    status: 200,
    body: { success: true, message: "Tmux session started", session: "devmux-e2e" },
  });
  const body = await world.until("the service", async () => {
    const { body } = await call("GET", "status");
    return (body as { services: { api: boolean } }).services.api ? body : undefined;
  });
  expect(body).toEqual({
    online: true,
    session: "devmux-e2e",
    panes: [
      { index: expect.stringMatching(/^\d+$/), title: "telemetry", command: "devmux telemetry start" },
      { index: expect.stringMatching(/^\d+$/), title: "logs", command: "the streams' logs" },
      { index: expect.stringMatching(/^\d+$/), title: "api", command: expect.stringContaining("createServer") },
    ],
    services: { api: true, telemetry: true },
  });
  expect(await call("POST", "stop", { token: true })).toEqual({
    status: 200,
    body: { success: true, message: "Tmux session stopped", session: "devmux-e2e" },
  });
  await world.until(
    "the session's end",
    async () => !(await world.tmux("list-sessions").catch(() => "")).includes("devmux-e2e"),
  );
  // It ran outside the session, and was left alone.
  expect((await call("GET", "status")).body).toMatchObject({ online: false, services: { telemetry: true } });
  expect((await call("POST", "stop", { token: true })).body).toMatchObject({
    success: true,
    message: "Tmux session was not running",
  });
});

test("a collector that runs in the session answers its own end, delivers what it has, and its window closes", async () => {
  const { world, call } = await worldWithServices();
  expect((await world.devmux("dev", "start")).code).toBe(0);
  const { pid } = await world.status();
  expect((await call("POST", "stop", { token: true })).body).toMatchObject({
    success: true,
    message: "Tmux session stopped",
  });
  await world.until(
    "the session's end",
    async () => !(await world.tmux("list-sessions").catch(() => "")).includes("devmux-e2e"),
  );
  const lastRun = await world.until("the collector's last words", () => {
    try {
      return JSON.parse(readFileSync(join(world.stateDir, "last-run.json"), "utf8")) as { reason: string };
    } catch {
      return undefined;
    }
  });
  expect(lastRun.reason).toBe("stop");
  await world.until("the end of its process", () => processIdentity(pid) === undefined || undefined);
});

test("control needs the token; pages of elsewhere read nothing", async () => {
  const { world, call } = await worldWithServices("0.0.0.0");
  await world.start();
  for (const path of ["start", "stop"]) {
    expect((await call("POST", path)).status).toBe(401);
    expect((await call("POST", path, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect((await call("GET", path)).status).toBe(404);
  }
  expect(await world.tmux("list-sessions").catch(() => "")).not.toContain("devmux-e2e");
  expect((await call("GET", "status", { headers: { origin: "https://evil.example" } })).status).toBe(403);
  expect((await call("GET", "status", { headers: { host: "evil.example" } })).status).toBe(403);
  expect((await call("POST", "start", { token: true, headers: { origin: "https://evil.example" } })).status).toBe(403);
  const address = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === "IPv4")?.address;
  // Asked under its address in the network, it is still this machine that asks.
  if (address !== undefined) expect((await call("GET", "status", { host: address })).status).toBe(200);
});

test("a collector without services says so", async () => {
  const world = await createWorld();
  onTestFinished(() => world[Symbol.asyncDispose]());
  await world.start();
  expect(await caller(world)("GET", "status")).toEqual({
    status: 503,
    body: { success: false, error: expect.stringContaining("names no services") },
  });
});
