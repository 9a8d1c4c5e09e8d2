// What goes wrong around the collector: each fault is said once, shown in `status`, and stops nothing else.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startOtlpServer } from "./otlp-server.ts";
import { freePort } from "./ports.ts";
import { connectRaw, type RawClient } from "./raw-client.ts";
import { createWorld, type World, type WorldOptions } from "./world.ts";

const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world[Symbol.asyncDispose]();
});

const stream = "node:app";

async function enter(options: WorldOptions = {}): Promise<{ world: World; client: RawClient }> {
  const world = await createWorld(options);
  open.push(world);
  await world.start();
  const client = await connectRaw(world.url, "app");
  await client.hello({ "service.name": "app" }, { kind: "node" });
  return { world, client };
}

const component = async (world: World, id: string) => (await world.status()).components.find((each) => each.id === id)!;
const degraded = (world: World, id: string) =>
  world.until(`${id} degraded`, async () => {
    const found = await component(world, id);
    return found.state === "ok" ? undefined : found;
  });
const recovered = (world: World, id: string) =>
  world.until(`${id} ok`, async () => (await component(world, id)).state === "ok" || undefined, 20_000);
const inQueue = (world: World, text: string) =>
  world.until(`${text} in the queue`, () => world.queue().find(({ rawContent }) => rawContent === text));
const inSpool = (world: World, text: string) =>
  world.until(`${text} in the spool`, () => world.spool(stream).includes(text) || undefined);
/** Lines of the collector's own log that speak of a component. */
const said = (world: World, id: string) =>
  readFileSync(join(world.stateDir, "collector.log"), "utf8")
    .split("\n")
    .filter((line) => line.includes(`exporter ${id}`) && /WARN|ERROR/.test(line));

test("tmux is missing: said once with the command that installs it, the queue goes on", async () => {
  // A PATH on which there is everything but tmux.
  const { world, client } = await enter({ env: { PATH: dirname(process.execPath) } });
  client.log("one");
  await inQueue(world, "one");
  const { message } = await degraded(world, "tmux");
  expect(message).toMatch(/tmux/);
  expect(message).toMatch(/install/);
  await inSpool(world, "one");
  client.log("two");
  await inQueue(world, "two");
  expect(said(world, "tmux")).toHaveLength(1);
});

test("the tmux server is killed: the session comes back with what it showed", async () => {
  const { world, client } = await enter();
  client.log("before");
  await world.until("the session", async () => (await world.pane(stream)).includes("before") || undefined);
  await world.tmux("kill-server");
  client.log("after");
  await inQueue(world, "after");
  const pane = await world.until(
    "the session again",
    async () => {
      const text = await world.pane(stream);
      return text.includes("after") ? text : undefined;
    },
    20_000,
  );
  expect(pane).toContain("before");
});

test("the queue's directory cannot be written: said, the pane goes on, and the event comes when it can", async () => {
  const { world, client } = await enter();
  const directory = dirname(world.queueFile);
  client.log("first");
  await inQueue(world, "first");
  rmSync(directory, { recursive: true });
  // A file where the directory should be stops root too.
  writeFileSync(directory, "");
  client.log("second");
  const { message } = await degraded(world, "queue");
  expect(message).toContain(world.queueFile);
  client.log("third");
  await inSpool(world, "third");
  rmSync(directory);
  mkdirSync(directory, { mode: 0o700 });
  await inQueue(world, "second");
  await inQueue(world, "third");
  await recovered(world, "queue");
  expect(said(world, "queue")).toHaveLength(1);
});

const canMount = process.getuid?.() === 0 && existsSync("/bin/mount");

test.runIf(canMount)(
  "the disk with the spool is full: said once, the queue goes on, and it recovers by itself",
  { timeout: 60_000 },
  async () => {
    const { world, client } = await enter();
    const directory = join(world.stateDir, "streams");
    client.log("first");
    await inSpool(world, "first");
    await world.devmux("telemetry", "stop");
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k,mode=0700", "tmpfs", directory]);
    try {
      await world.start();
      const again = await connectRaw(world.url, "app-2");
      await again.hello({ "service.name": "app" }, { kind: "node" });
      writeFileSync(join(directory, "ballast"), Buffer.alloc(460 * 1024));
      for (let index = 0; index < 400; index++) again.log(`filler ${index} ${"x".repeat(200)}`);
      const { message } = await degraded(world, "tmux");
      expect(message).toMatch(/space|ENOSPC|full/i);
      again.log("meanwhile");
      await inQueue(world, "meanwhile");
      rmSync(join(directory, "ballast"));
      again.log("room again");
      await recovered(world, "tmux");
      expect(said(world, "tmux").filter((line) => /space|ENOSPC|full/i.test(line)).length).toBeLessThanOrEqual(2);
      await again.close();
    } finally {
      await world.devmux("telemetry", "stop");
      await world.tmux("kill-server").catch(() => undefined);
      execFileSync("umount", ["-l", directory]);
    }
  },
);

test("the OTLP backend is down: said, the others go on, and it gets everything once it is there", {
  timeout: 60_000,
}, async () => {
  const port = await freePort();
  const options = {
    endpoint: `http://127.0.0.1:${port}`,
    retry_on_failure: { initial_interval: "100ms", max_interval: "500ms" },
  };
  const { world, client } = await enter({ exporters: { otlp_http: options } });
  for (let index = 0; index < 20; index++) client.log(`record ${index}`);
  await inQueue(world, "record 19");
  await inSpool(world, "record 19");
  const { message, queue } = await degraded(world, "otlp_http");
  expect(message).toMatch(/ECONNREFUSED|refused/);
  expect(queue?.items).toBe(20);
  await using backend = await startOtlpServer(port);
  await world.until("all records at the backend", () => backend.records.length >= 20 || undefined, 20_000);
  expect(backend.records.map(({ body }) => body)).toEqual(Array.from({ length: 20 }, (_, index) => `record ${index}`));
  await recovered(world, "otlp_http");
  expect(said(world, "otlp_http")).toHaveLength(1);
});

test("stop with a backend that is down ends at once: what waits is kept, and sent first after the next start", {
  timeout: 30_000,
}, async () => {
  const port = await freePort();
  const { world, client } = await enter({ exporters: { otlp_http: { endpoint: `http://127.0.0.1:${port}` } } });
  client.log("undelivered");
  await inQueue(world, "undelivered");
  const startedAt = Date.now();
  const { code, stdout, stderr } = await world.devmux("telemetry", "stop");
  expect(code).toBe(0);
  expect(Date.now() - startedAt).toBeLessThan(4_000);
  expect(stdout + stderr).toMatch(/otlp_http: 0 delivered, 1 kept for the next start/);
  await using backend = await startOtlpServer(port);
  await world.start();
  await world.until("the record", () => backend.records.length > 0 || undefined);
  expect(backend.records.map(({ body }) => body)).toEqual(["undelivered"]);
});

test("stop with a backend that is down and a queue in memory ends in time and counts what was not delivered", {
  timeout: 30_000,
}, async () => {
  const port = await freePort();
  const options = { endpoint: `http://127.0.0.1:${port}`, sending_queue: { storage: "none" } };
  const { world, client } = await enter({ exporters: { otlp_http: options } });
  client.log("undeliverable");
  await inQueue(world, "undeliverable");
  const startedAt = Date.now();
  const { code, stdout, stderr } = await world.devmux("telemetry", "stop");
  expect(code).toBe(0);
  expect(Date.now() - startedAt).toBeLessThan(8_000);
  expect(stdout + stderr).toMatch(/1 .*(dropped|lost|not delivered)/);
});
