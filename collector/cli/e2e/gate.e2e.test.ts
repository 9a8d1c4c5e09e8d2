// `devmux gate -- COMMAND` as a script uses it: the command's own exit code and signals, and errors that come on the way.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exitCodes } from "../src/exit-codes.ts";
import { createWorld, type World } from "./world.ts";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
let world: World;
beforeEach(async () => {
  world = await createWorld();
  mkdirSync(dirname(world.queueFile), { recursive: true, mode: 0o700 });
});
afterEach(() => world[Symbol.asyncDispose]());

function line(text: string, rest: object = {}): string {
  const now = new Date().toISOString();
  const event = {
    timestamp: now,
    source: "telemetry:node:api",
    service: "node:api",
    severity: "error",
    firstSeen: now,
  };
  return `${JSON.stringify({ id: `event-${text}`, ...event, rawContent: text, status: "pending", ...rest })}\n`;
}

/** A command that appends lines to the queue, as an app that runs meanwhile would. */
function appending(...lines: string[]): string[] {
  const program = `require("fs").appendFileSync(process.argv[1], process.argv[2])`;
  return [process.execPath, "-e", program, world.queueFile, lines.join("")];
}

const gate = (command: string[], ...options: string[]) =>
  world.devmux("gate", "--settle", "0s", ...options, "--", ...command);

test("passes a command on as it is: arguments without a shell, what it prints, its exit code", async () => {
  const program = "console.log(JSON.stringify(process.argv.slice(1))); process.exitCode = 7";
  const ran = await gate([process.execPath, "-e", program, "$HOME", "a b", "--json", "; exit 0", "*"]);
  expect([ran.code, JSON.parse(ran.stdout)]).toEqual([7, ["$HOME", "a b", "--json", "; exit 0", "*"]]);
  expect(ran.stderr).toContain("gate: no new errors; the command ended with 7");
});

describe("errors that appear", () => {
  test("fail it with an exit code of its own, and are named; those of before do not", async () => {
    writeFileSync(world.queueFile, line("old"), { mode: 0o600 });
    expect((await gate(["true"])).code).toBe(0);
    const failed = await gate(appending(line("new"), line("careful", { severity: "warning" })));
    expect(failed.code).toBe(exitCodes.newErrors);
    expect(failed.stderr).toContain("error   node:api new");
    expect(failed.stderr).toContain("1 new error; the command ended with 0");
    expect(failed.stderr).not.toContain("careful");
    expect((await gate(["true"])).code).toBe(0);
    const warned = await gate(appending(line("careful2", { severity: "warning" })), "--severity", "warning");
    expect(warned.code).toBe(exitCodes.newErrors);
    const other = await gate(appending(line("web", { service: "node:web" })), "--stream", "node:api");
    expect(other.code).toBe(0);
  });

  test("do not hide that the command failed", async () => {
    const [program, ...rest] = appending(line("new"));
    const failed = await gate(["sh", "-c", '"$0" "$@"; exit 3', program!, ...rest]);
    expect([failed.code, failed.stderr]).toEqual([3, expect.stringContaining("1 new error")]);
  });

  test("count from a cursor on", async () => {
    const { cursor } = JSON.parse((await world.devmux("errors", "--json")).stdout);
    writeFileSync(world.queueFile, line("between"), { mode: 0o600 });
    expect((await gate(["true"])).code).toBe(0);
    expect((await gate(["true"], "--since", cursor)).code).toBe(exitCodes.newErrors);
    expect((await gate(["true"], "--since", "x")).code).toBe(exitCodes.usage);
  });

  test("that were resolved and happen again count; repeats of what is open do not", async () => {
    writeFileSync(world.queueFile, line("a") + line("b"), { mode: 0o600 });
    await world.devmux("queue", "resolve", "event-a");
    const at = new Date().toISOString();
    const repeated = { op: "seen", id: "event-b", count: 1, key: "k", lastSeen: at };
    expect((await gate(appending(`${JSON.stringify(repeated)}\n`))).code).toBe(0);
    const again = {
      op: "status",
      id: "event-a",
      status: "pending",
      from: "resolved",
      rev: 2,
      at,
      reason: "seen_again",
    };
    const failed = await gate(appending(`${JSON.stringify(again)}\n`));
    expect([failed.code, failed.stderr]).toEqual([exitCodes.newErrors, expect.stringContaining("node:api a")]);
  });

  test("of an app, by way of the collector, within the time that is given to them", async () => {
    await world.start();
    // Sends its error and ends: it is on its way when the command has ended.
    const app = `
      const socket = new WebSocket(process.argv[1]);
      const send = (type, payload) => socket.send(JSON.stringify({ protocol: "devmux-telemetry", version: 1, type, payload,
        meta: { clientId: "c", timestamp: Date.now() } }));
      socket.onopen = () => send("hello", { resource: { "service.name": "app" }, platform: { kind: "node" } });
      socket.onmessage = () => { send("log", { timestamp: Date.now(), severityNumber: 17, severityText: "error", body: "boom" });
        socket.close(); };`;
    const ran = await world.devmux("gate", "--json", "--", process.execPath, "-e", app, world.url);
    expect([ran.code, JSON.parse(ran.stdout)]).toMatchObject([
      exitCodes.newErrors,
      {
        passed: false,
        collectorRan: true,
        command: { exitCode: 0 },
        items: [{ rawContent: "boom", service: "node:app" }],
      },
    ]);
  });
});

test("--json keeps stdout for itself", async () => {
  const ran = await gate([process.execPath, "-e", "console.log('printed')"], "--json");
  expect(ran.stderr).toContain("printed");
  expect(JSON.parse(ran.stdout)).toMatchObject({
    passed: true,
    command: { words: [process.execPath, "-e", "console.log('printed')"], exitCode: 0, signal: null },
    collectorRan: false,
    items: [],
    cursor: expect.stringMatching(/^q1-/),
    notice: expect.stringContaining("never instructions"),
  });
});

test("says that no collector runs, because then nothing could have come", async () => {
  expect((await gate(["true"])).stderr).toContain("no collector runs");
});

test("a command that does not start is what a shell makes of it; none at all is an error", async () => {
  expect((await gate(["/no/such/program"])).code).toBe(127);
  const file = join(world.dir, "plain.txt");
  writeFileSync(file, "");
  const ran = await gate([file]);
  expect([ran.code, ran.stderr]).toEqual([126, expect.stringContaining("did not start")]);
  expect((await world.devmux("gate", "--settle", "1s")).code).toBe(exitCodes.usage);
  expect((await world.devmux("gate", "npm", "test")).code).toBe(exitCodes.usage);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s goes on to the command, and its end is told", async (signal) => {
  const ready = join(world.dir, "ready");
  const program = `
    process.on(${JSON.stringify(signal)}, () => { console.log("got it"); process.exit(9); });
    require("fs").writeFileSync(${JSON.stringify(ready)}, ""); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, [main, "gate", "--settle", "0s", "--", process.execPath, "-e", program], {
    cwd: join(world.dir, "project"),
    env: world.env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  await world.until("the command", () => existsSync(ready) || undefined);
  child.kill(signal);
  expect(await once(child, "close")).toEqual([9, null]);
  expect(out).toBe("got it\n");
});

test("a command that a signal ends leaves with 128 and its number, and nobody waits", async () => {
  const at = performance.now();
  const ran = await world.devmux("gate", "--settle", "60s", "--", "sh", "-c", "kill -KILL $$");
  expect([ran.code, ran.stderr]).toEqual([137, expect.stringContaining("ended by SIGKILL")]);
  expect(performance.now() - at).toBeLessThan(30_000);
});

test("a queue that cannot be read afterwards fails it with a code of its own", async () => {
  const ran = await gate(["sh", "-c", 'rm -r "$0" && touch "$0"', dirname(world.queueFile)]);
  expect([ran.code, ran.stderr]).toEqual([exitCodes.gateFailed, expect.stringContaining("cannot be read")]);
});
