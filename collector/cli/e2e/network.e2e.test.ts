// `host: "0.0.0.0"`: a phone on the network, played by a network namespace of this machine with its own address.

import { execFileSync, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld, type World } from "./world.ts";

const id = randomInt(2 ** 24);
const namespace = `devmux-${id.toString(16)}`;
/** 198.18.0.0/15 is set aside for tests between networks (RFC 2544); nobody's own network uses it. */
const subnet = `198.18.${id % 256}`;
const here = `${subnet}.1`;
const phone = `${subnet}.2`;

const ip = (...args: string[]) => execFileSync("ip", args, { stdio: "pipe" });

function canMakeNamespaces(): boolean {
  if (process.getuid?.() !== 0 || spawnSync("ip", ["-V"]).status !== 0) return false;
  return spawnSync("ip", ["netns", "add", namespace]).status === 0;
}

const able = canMakeNamespaces();

describe.runIf(able)("a device on the network", () => {
  let world: World;

  beforeAll(async () => {
    ip("link", "add", `dm${id.toString(16)}a`, "type", "veth", "peer", "name", "eth0", "netns", namespace);
    ip("addr", "add", `${here}/30`, "dev", `dm${id.toString(16)}a`);
    ip("link", "set", `dm${id.toString(16)}a`, "up");
    ip("-n", namespace, "addr", "add", `${phone}/30`, "dev", "eth0");
    ip("-n", namespace, "link", "set", "eth0", "up");
    world = await createWorld({ telemetry: { host: "0.0.0.0", token: "pair-me" } });
  });

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    spawnSync("ip", ["netns", "delete", namespace]);
  });

  /** Runs a client on the phone; its answer is one line of JSON. */
  function onPhone(what: string, ...args: string[]): unknown {
    const client = fileURLToPath(new URL("./phone.mjs", import.meta.url));
    const { stdout, stderr } = spawnSync(
      "ip",
      ["netns", "exec", namespace, process.execPath, client, what, here, String(world.port), ...args],
      {
        encoding: "utf8",
        timeout: 15_000,
      },
    );
    return stdout === "" ? stderr : JSON.parse(stdout);
  }

  test("start warns and prints the URLs that a phone can use", async () => {
    const { code, stdout, stderr } = await world.devmux("telemetry", "start");
    expect(code).toBe(0);
    expect(stdout + stderr).toMatch(/network/i);
    expect(stdout + stderr).toContain(`ws://${here}:${world.port}`);
  });

  test("records come from the network with the token, under the origin that React Native sends", async () => {
    expect(onPhone("log", `http://${here}:${world.port}`, "pair-me", "from the phone")).toMatchObject({
      type: "hello-ack",
      payload: { streamName: "expo:mingle-ios" },
    });
    await world.until("the record", () => world.queue().find(({ rawContent }) => rawContent === "from the phone"));
  });

  test("without the token nothing is taken", () => {
    expect(onPhone("log", `http://${here}:${world.port}`, "", "x")).toMatchObject({
      type: "error",
      payload: { code: "DEVMUX_TOKEN_REFUSED" },
    });
    expect(onPhone("log", `http://${here}:${world.port}`, "wrong", "x")).toMatchObject({
      payload: { code: "DEVMUX_TOKEN_REFUSED" },
    });
    expect(onPhone("post", "/v1/logs", "wrong")).toMatchObject({ status: 401 });
    expect(onPhone("post", "/v1/logs", "pair-me")).toMatchObject({ status: 200 });
  });

  test("a page of another origin is refused on the network too", () => {
    expect(onPhone("log", "http://evil.test", "pair-me", "x")).toMatchObject({
      refused: expect.stringContaining("403"),
    });
  });

  test("nobody but this machine reads or controls anything, whatever token it has", async () => {
    const { pid } = await world.status();
    for (const path of ["/api/status", "/api/stop"]) {
      expect(onPhone(path === "/api/stop" ? "post" : "get", path, "pair-me")).toMatchObject({ status: 403 });
    }
    expect(onPhone("get", "/", "")).toEqual({ status: 200, body: { name: "devmux-telemetry" } });
    expect((await world.status()).pid).toBe(pid);
  });
});

test.skipIf(able)("a device on the network (needs root and `ip netns`)", ({ skip }) => skip());
