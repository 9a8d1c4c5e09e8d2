// `devmux attach`, typed into a real terminal: one tmux server plays the terminal, another holds the streams.

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCodes } from "../src/exit-codes.ts";
import { connectRaw } from "./raw-client.ts";
import { createWorld, type World } from "./world.ts";

const run = promisify(execFile);
const collector = {
  receivers: { devmux: {} },
  exporters: { tmux: {} },
  service: { pipelines: { logs: { receivers: ["devmux"], exporters: ["tmux"] } } },
};
const outer = `devmux-outer-${randomBytes(6).toString("hex")}`;
let world: World;

beforeAll(async () => {
  world = await createWorld({ telemetry: { collector } });
  await world.start();
  const client = await connectRaw(world.url, "client");
  await client.hello({ "service.name": "shop" }, { kind: "node" });
  client.log("hello from the shop");
  await client.close();
  await world.until(
    "the line in the pane",
    async () => (await world.pane("node:shop")).includes("hello from") || undefined,
  );
});
afterAll(async () => {
  await terminal("kill-server").catch(() => undefined);
  await world?.[Symbol.asyncDispose]();
});

async function terminal(...args: string[]): Promise<string> {
  const { TMUX: _tmux, ...env } = world.env;
  return (await run("tmux", ["-L", outer, "-f", "/dev/null", ...args], { env })).stdout;
}

/** A terminal of 120 by 30 in which a command runs; its screen as text. */
async function inTerminal(name: string, ...command: string[]): Promise<() => Promise<string>> {
  // An earlier try may have left one.
  await terminal("kill-session", "-t", `=${name}`).catch(() => undefined);
  await terminal("new-session", "-d", "-x", "120", "-y", "30", "-s", name, "--", ...command);
  await terminal("set-option", "-w", "-t", name, "remain-on-exit", "on");
  return () => terminal("capture-pane", "-p", "-t", name);
}

const main = new URL("../dist/main.js", import.meta.url).pathname;

test("shows the stream in this terminal, from inside another tmux too", async () => {
  const screen = await inTerminal("user", process.execPath, main, "attach", "node:shop");
  await world.until(
    "the stream on the screen",
    async () => (await screen()).includes("hello from the shop") || undefined,
  );
  const attached = await world.tmux("list-clients", "-F", "#{session_name}");
  expect(attached).toMatch(/^devmux-node-shop-/);
  await world.tmux("detach-client", "-a");
  await world.tmux("detach-client", "-s", attached.trim());
});

test("inside the same tmux it switches, and nests nothing", async () => {
  await world.tmux("new-session", "-d", "-s", "mine", "-x", "120", "-y", "30", "--", "sh");
  const socket = (await world.tmux("display-message", "-p", "-t", "mine", "#{socket_path}")).trim();
  await inTerminal("inside", "env", "-u", "TMUX", "tmux", "-S", socket, "attach-session", "-t", "mine");
  const clients = () => world.tmux("list-clients", "-F", "#{session_name}");
  await world.until("the terminal in the user's session", async () => (await clients()).includes("mine") || undefined);
  await world.tmux("send-keys", "-t", "mine", `${process.execPath} ${main} attach node:shop`, "Enter");
  await world.until("the switch", async () => (await clients()).startsWith("devmux-node-shop-") || undefined);
  expect((await clients()).trim().split("\n")).toHaveLength(1);
});

test("an unknown stream: the nearest name, the known ones", async () => {
  const { code, stdout, stderr } = await world.devmux("attach", "node:shpo");
  expect([code, stdout]).toEqual([exitCodes.notFound, ""]);
  expect(stderr).toContain('there is no stream "node:shpo"; did you mean "node:shop"?');
  expect(stderr).toContain("Known: node:shop");
});

test.each(["$(touch x)", "\u001b]0;title\u0007", "node:shop:0", "=", "%0"])(
  "a stream called %j is unknown",
  async (name) => {
    const { code, stderr } = await world.devmux("attach", name);
    expect(code).toBe(exitCodes.notFound);
    expect(stderr).not.toMatch(/[\u0007\u001b]/);
  },
);

test("without a name it lists what there is", async () => {
  const { code, stderr } = await world.devmux("attach");
  expect([code, stderr]).toEqual([exitCodes.usage, expect.stringContaining("Known: node:shop")]);
});

test("a beginning that only one stream has is enough, of the whole name or of what follows its colon", async () => {
  for (const typed of ["node:s", "sh"]) {
    const { code, stderr } = await world.devmux("attach", typed);
    expect([code, stderr]).toEqual([exitCodes.failed, expect.stringContaining("devmux tail node:shop")]);
  }
  const other = await connectRaw(world.url, "other");
  await other.hello({ "service.name": "shipping" }, { kind: "node" });
  const { code, stderr } = await world.devmux("attach", "node:sh");
  expect([code, stderr]).toEqual([exitCodes.usage, expect.stringMatching(/several streams[\s\S]*node:ship.*/)]);
  await other.close();
});

test("on a terminal it asks: arrow keys and letters choose", async () => {
  const screen = await inTerminal("asked", process.execPath, main, "attach");
  await world.until("the question", async () => (await screen()).includes("node:shipping") || undefined);
  expect(await screen()).toContain("Which stream?");
  await terminal("send-keys", "-t", "asked", "sho");
  await world.until("the list of what matches", async () => !(await screen()).includes("node:shipping") || undefined);
  await terminal("send-keys", "-t", "asked", "Enter");
  await world.until("the stream", async () => (await screen()).includes("hello from the shop") || undefined);
  const [client] = (await world.tmux("list-clients", "-F", "#{client_name}")).trim().split("\n").slice(-1);
  await world.tmux("detach-client", "-t", client!);
  const none = await inTerminal("unasked", process.execPath, main, "attach");
  await world.until("the question again", async () => (await none()).includes("Which stream?") || undefined);
  // The question is on the screen a moment before anything hears keys; one that comes after the answer ends it as well.
  await world.until("its end", async () => {
    await terminal("send-keys", "-t", "unasked", "C-c");
    return (await terminal("list-panes", "-t", "unasked", "-F", "#{pane_dead}")).startsWith("1") || undefined;
  });
});

test("without a terminal it says so, and how to see the text", async () => {
  const { code, stderr } = await world.devmux("attach", "node:shop");
  expect([code, stderr]).toEqual([exitCodes.failed, expect.stringContaining("no terminal here")]);
  expect(stderr).toContain("devmux tail node:shop");
});

test("a stream stays known when the collector has gone; without either it says that none runs", async () => {
  await world.devmux("telemetry", "stop");
  expect((await world.devmux("attach", "node:shop")).stderr).toContain("no terminal here");
  const other = await createWorld();
  const { code, stderr } = await other.devmux("attach", "node:shop");
  await other[Symbol.asyncDispose]();
  expect([code, stderr]).toEqual([exitCodes.notRunning, expect.stringContaining("devmux telemetry start")]);
});
