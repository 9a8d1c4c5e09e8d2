// `devmux tail` and `devmux streams`, as people and programs use them, with the collector and without it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCodes } from "../src/exit-codes.ts";
import { connectRaw } from "./raw-client.ts";
import { createWorld, type World } from "./world.ts";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
let world: World;

async function send(service: string, ...bodies: (readonly [body: unknown, extra?: object])[]): Promise<void> {
  const client = await connectRaw(world.url, `client-${service}`);
  await client.hello({ "service.name": service }, { kind: "node" });
  for (const [body, extra] of bodies) client.log(body, extra);
  await client.close();
  const last = String(bodies.at(-1)?.[0]);
  await world.until(`${last} in the spool`, () => world.spool(`node:${service}`).includes(last) || undefined);
}

const error = {
  severityNumber: 17,
  severityText: "error",
  exception: {
    type: "TypeError",
    message: "card is undefined",
    stacktrace: [
      "TypeError: card is undefined",
      ...Array.from({ length: 20 }, (_, frame) => `    at f${frame} (a.ts:1:1)`),
    ].join("\n"),
  },
};

beforeAll(async () => {
  world = await createWorld();
  await world.start();
  await send(
    "api",
    ["first of the api"],
    ["card is undefined", error],
    ["\u001b[31mred\u001b[0m \u001b[2Jwiped\u009b"],
    ["last of the api"],
  );
  await send(
    "web",
    ["first of the web"],
    ["timeout after 30 s", { severityNumber: 13, severityText: "warn" }],
    ["last of the web"],
  );
});
afterAll(() => world?.[Symbol.asyncDispose]());

test("shows all streams in the order of time, each record with its stream, its stack whole, and no escape in a pipe", async () => {
  const { code, stdout, stderr } = await world.devmux("tail");
  expect([code, stderr]).toEqual([exitCodes.ok, ""]);
  expect(stdout).not.toMatch(/[\u001b\u009b]/);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^── \d{4}-\d\d-\d\d ──$/);
  expect(lines[1]).toMatch(/ connected: node:api \(api, node\) ──$/);
  expect(stdout).toMatch(/ INFO {2}node:api first of the api\n/);
  expect(stdout).toContain("red \\x1b[2Jwiped\\x9b");
  expect(stdout).toContain("    at f19 (a.ts:1:1)");
  expect(stdout.indexOf("last of the api")).toBeLessThan(stdout.indexOf("first of the web"));
});

test("names, beginnings of names, time, severity, text and number choose", async () => {
  const bodies = async (...args: string[]) => {
    const { code, stdout } = await world.devmux("tail", "--json", ...args);
    expect(code).toBe(exitCodes.ok);
    return stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line).body);
  };
  expect(await bodies("web")).toEqual(["first of the web", "timeout after 30 s", "last of the web"]);
  expect(await bodies("node:web", "api", "--severity", "warn")).toEqual(["card is undefined", "timeout after 30 s"]);
  expect(await bodies("--severity", "error")).toEqual(["card is undefined"]);
  expect(await bodies("--grep", "timeout|f19")).toEqual(["card is undefined", "timeout after 30 s"]);
  expect(await bodies("--grep", "(?i)LAST of the w")).toEqual(["last of the web"]);
  expect(await bodies("-n", "1")).toEqual(["last of the web"]);
  expect(await bodies("--since", "1h", "-n", "2", "api")).toHaveLength(2);
  expect(await bodies("--since", "2099-01-01")).toEqual([]);
});

test("--json has a record's fields and its stream", async () => {
  const { stdout } = await world.devmux("tail", "--json", "--severity", "error");
  expect(JSON.parse(stdout)).toMatchObject({
    stream: "node:api",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    severityNumber: 17,
    severityText: "error",
    body: "card is undefined",
    attributes: { "exception.type": "TypeError", "exception.message": "card is undefined" },
  });
});

test.each([
  [["--severity", "loud"], /expected trace, debug, info/],
  [["--since", "yesterday"], /expected 30s, 5m, 2h/],
  [["--grep", "(unclosed"], /invalid pattern: missing closing \)/],
  [["--lines", "-1"], /expected/],
])("%j is refused with what is expected", async (args, message) => {
  const { code, stderr } = await world.devmux("tail", ...args);
  expect([code, stderr]).toEqual([exitCodes.usage, expect.stringMatching(message)]);
});

test("no pattern makes it hang", async () => {
  await send("long", [`${"a".repeat(60_000)}!`], ["end of long"]);
  const before = performance.now();
  const { code } = await world.devmux("tail", "long", "--grep", "^(a+)+$");
  expect(code).toBe(exitCodes.ok);
  expect(performance.now() - before).toBeLessThan(5_000);
});

test("an unknown stream and one that matches nothing", async () => {
  const unknown = await world.devmux("tail", "node:wbe");
  expect([unknown.code, unknown.stderr]).toEqual([
    exitCodes.notFound,
    expect.stringContaining('did you mean "node:web"?'),
  ]);
  const none = await world.devmux("tail", "--grep", "nowhere to be found");
  expect([none.code, none.stdout, none.stderr]).toEqual([exitCodes.ok, "", "no records match\n"]);
});

test("--follow goes on with what comes, over rotations and with new streams, until it is interrupted", async () => {
  await using small = await createWorld({ exporters: { tmux: { max_spool_size: "64KiB" } } });
  await small.start();
  const child = spawn(process.execPath, [main, "tail", "--follow", "--json"], {
    env: small.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  const bodies = () =>
    out
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).body as string);
  const client = await connectRaw(small.url, "late");
  await client.hello({ "service.name": "late" }, { kind: "node" });
  const count = 1_000;
  for (let index = 0; index < count; index += 50) {
    for (let each = index; each < index + 50; each++) client.log(`${each} ${"x".repeat(200)}`);
    await small.until(`record ${index}`, () => bodies().length >= index + 50 || undefined);
  }
  expect(bodies().map((body) => Number(body.split(" ")[0]))).toEqual(
    Array.from({ length: count }, (_, index) => index),
  );
  await client.close();
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(exitCodes.ok);
});

test("streams: a table for people, fields for programs; also when the collector has gone", async () => {
  const table = await world.devmux("streams");
  expect([table.code, table.stderr]).toEqual([exitCodes.ok, ""]);
  expect(table.stdout).toMatch(/^STREAM +SERVICE +PLATFORM +STATE +RECORDS +ERRORS +LAST RECORD$/m);
  expect(table.stdout).toMatch(/^node:api +api +node +gone +4 +1 +\d+[sm] ago$/m);
  expect(table.stdout).not.toContain("\u001b");
  const live = JSON.parse((await world.devmux("streams", "--json")).stdout);
  const api = {
    name: "node:api",
    service: "api",
    platform: "node",
    connected: false,
    connectedAt: null,
    records: 4,
    errors: 1,
  };
  expect(live).toMatchObject({ running: true, streams: expect.arrayContaining([expect.objectContaining(api)]) });
  expect(await world.devmux("telemetry", "stop")).toMatchObject({ code: exitCodes.ok });
  const stored = JSON.parse((await world.devmux("streams", "--json")).stdout);
  expect(stored.running).toBe(false);
  expect(stored.streams).toEqual(
    expect.arrayContaining([
      {
        ...api,
        lastRecordAt: expect.stringMatching(/Z$/),
        stored: { path: expect.any(String), bytes: expect.any(Number) },
      },
    ]),
  );
  expect((await world.devmux("tail", "web")).stdout).toContain("last of the web");
  await using empty = await createWorld();
  expect(await empty.devmux("streams")).toMatchObject({ code: exitCodes.ok, stdout: "No streams yet.\n" });
  const nothing = await empty.devmux("tail");
  expect([nothing.code, nothing.stderr]).toEqual([exitCodes.notFound, expect.stringContaining("devmux tail --follow")]);
});
