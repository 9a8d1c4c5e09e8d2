// `devmux watch queue` on a queue file, as people and programs use it.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exitCodes } from "../src/exit-codes.ts";
import { createWorld, type World } from "./world.ts";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
let world: World;
beforeEach(async () => {
  world = await createWorld();
});
let follower: ChildProcess | undefined;
afterEach(async () => {
  follower?.kill("SIGKILL");
  await world[Symbol.asyncDispose]();
});

let lastId = 0;

function line(severity: string, rawContent: string): string {
  const id = `event-${++lastId}`;
  const event = {
    id,
    timestamp: "2026-01-02T03:04:05.678Z",
    source: "telemetry:node:x",
    service: "node:x",
    severity,
    rawContent,
  };
  return `${JSON.stringify({ ...event, project: "telemetry", pattern: "telemetry-console", context: [], status: "pending" })}\n`;
}

function writeQueue(...lines: string[]): void {
  mkdirSync(dirname(world.queueFile), { recursive: true });
  writeFileSync(world.queueFile, lines.join(""));
}

test("shows every event, one line each, safe for a terminal and without colour in a pipe", async () => {
  writeQueue(line("info", "first"), "{torn\n", line("error", "TypeError: x\u001b[2J\u009b31m"), '{"half');
  const { code, stdout, stderr } = await world.devmux("watch", "queue");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/^2026-01-0\d \d\d:\d\d:05 info {4}node:x first$/),
    expect.stringMatching(/error {3}node:x TypeError: x\\x1b\[2J\\x9b31m$/),
  ]);
});

test("--json: one event a line with all its fields, nothing else", async () => {
  writeQueue(line("info", "first"), "{torn\n", line("error", "boom\u009b"));
  const { code, stdout, stderr } = await world.devmux("watch", "queue", "--json");
  const lines = stdout.trimEnd().split("\n");
  expect([code, stderr, lines.length]).toEqual([0, "", 2]);
  expect(JSON.parse(lines[1]!)).toMatchObject({
    severity: "error",
    rawContent: "boom\u009b",
    status: "pending",
    context: [],
  });
  expect(stdout).not.toContain("\u009b");
});

test("--severity leaves out what is less severe", async () => {
  writeQueue(line("info", "a"), line("warning", "b"), line("error", "c"));
  const { stdout } = await world.devmux("watch", "queue", "--severity", "warning", "--json");
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text).rawContent),
  ).toEqual(["b", "c"]);
  const none = await world.devmux("watch", "queue", "--severity", "critical", "--json");
  expect([none.code, none.stdout, none.stderr]).toEqual([0, "", expect.stringContaining("no events")]);
  const wrong = await world.devmux("watch", "queue", "--severity", "loud");
  expect([wrong.code, wrong.stderr]).toEqual([exitCodes.usage, expect.stringContaining("info, warning, error")]);
});

test("without a queue it says where it would be, and how to wait for it", async () => {
  const { code, stdout, stderr } = await world.devmux("watch", "queue");
  expect([code, stdout]).toEqual([exitCodes.notFound, ""]);
  expect(stderr).toContain(world.queueFile);
  expect(stderr).toContain("--follow");
});

function follow(...options: string[]): ChildProcess {
  const args = [main, "watch", "queue", "--follow", ...options];
  follower = spawn(process.execPath, args, {
    cwd: join(world.dir, "project"),
    env: world.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return follower;
}

test("--follow waits for the queue, shows what comes once, and ends well on Ctrl-C", async () => {
  const child = follow("--json");
  const seen: string[] = [];
  let rest = "";
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => seen.length >= count && resolve();
      child.stdout!.on("data", check);
      check();
    });
  child.stdout!.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    seen.push(...lines.map((text) => JSON.parse(text).rawContent));
  });
  const first = line("info", "one");
  writeQueue(first);
  await until(1);
  appendFileSync(world.queueFile, line("info", "two"));
  await until(2);
  // Another program that writes the whole file anew.
  writeFileSync(`${world.queueFile}.new`, first + line("info", "three"));
  renameSync(`${world.queueFile}.new`, world.queueFile);
  await until(3);
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([0, null]);
  expect(seen).toEqual(["one", "two", "three"]);
});

test("--follow shows people what becomes of an event, repeats counted, through the sealing of the file", async () => {
  writeQueue(line("error", "boom"));
  const id = `event-${lastId}`;
  const child = follow("--severity", "warning");
  let out = "";
  const shown = (text: RegExp) =>
    new Promise<void>((resolve) => {
      const check = () => text.test(out) && resolve();
      child.stdout!.on("data", check);
      check();
    });
  child.stdout!.on("data", (chunk) => {
    out += chunk;
  });
  const at = new Date().toISOString();
  await shown(/error {3}node:x boom\n/);
  await world.devmux("queue", "claim", "--agent", "ada");
  await shown(/boom: processing by ada until /);
  await world.devmux("queue", "prune");
  appendFileSync(world.queueFile, `${JSON.stringify({ op: "seen", id, count: 11, key: "k", lastSeen: at })}\n`);
  await shown(/boom: 11 more, 12 in all\n/);
  await world.devmux("queue", "resolve", id, "--note", "mended");
  await shown(/boom: resolved \(mended\)\n/);
  const again = { op: "status", id, status: "pending", from: "resolved", rev: 3, at, reason: "seen_again" };
  appendFileSync(world.queueFile, `${JSON.stringify(again)}\n${line("error", "other")}`);
  await shown(/again, after it was resolved: boom \[x12\]\n/);
  await shown(/error {3}node:x other\n/);
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([0, null]);
  expect(out.trimEnd().split("\n")).toHaveLength(6);
});

test("a reader that has enough (`| head`) is no error", async () => {
  writeQueue(...Array.from({ length: 5_000 }, (_, index) => line("info", `event number ${index}`)));
  const child = follow();
  let complaint = "";
  child.stderr!.on("data", (chunk) => {
    complaint += chunk;
  });
  await once(child.stdout!, "data");
  child.stdout!.destroy();
  const exited = once(child, "exit");
  appendFileSync(world.queueFile, line("info", "one more"));
  expect(await exited).toEqual([0, null]);
  expect(complaint).toBe("");
});
