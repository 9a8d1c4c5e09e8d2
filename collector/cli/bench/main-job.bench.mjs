// The main job in figures, with the built CLI, a real tmux and a real Chromium:
//
//   node collector/cli/bench/main-job.bench.mjs [--records 500000] [--only throughput|latency|idle]
//
// throughput: records/s from one WebSocket client into tmux and the queue, until the last one is in both files
// latency:    console.log in Chromium to the line in the tmux pane, at 20 and at 200 records/s
// idle:       start-up time and resident memory of the collector that nobody has configured

import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { locate } from "@chriscode/devmux-telemetry-exporters/tmux";
import { openExamplePage } from "../e2e/page.ts";
import { createWorld } from "../e2e/world.ts";

const { values } = parseArgs({ options: { records: { type: "string", default: "500000" }, only: { type: "string" } } });
const records = Number(values.records);
const wanted = (name) => values.only === undefined || values.only === name;
const rawClient = fileURLToPath(new URL("../../bench/client.mjs", import.meta.url));

/** Off, so that each record of a benchmark is a line of its own; large enough for all of them. */
const exporters = { tmux: { max_spool_size: "1GiB" } };

if (wanted("idle")) await idle();
if (wanted("throughput")) for (const kind of ["log", "export"]) await throughput(kind);
if (wanted("latency")) for (const rate of [20, 200]) await latency(rate);

async function idle() {
  const times = [];
  let memory = 0;
  for (let round = 0; round < 5; round++) {
    await using world = await createWorld({ telemetry: { collector: undefined } });
    const startedAt = performance.now();
    await world.start();
    times.push(performance.now() - startedAt);
    const { pid, startedAt: began } = await world.status();
    if (round === 0) await new Promise((resolve) => setTimeout(resolve, 5_000));
    if (round === 0) memory = residentMegabytes(pid);
    if (round === 0) console.log(`collector process ready after ${Math.round(readyMs(pid, began))} ms`);
  }
  times.sort((a, b) => a - b);
  console.log(
    `\`devmux telemetry start\` returns after ${Math.round(times[2])} ms (median of 5); memory after 5 s of idling ${memory} MB`,
  );
}

/** From the start of the process, which the kernel keeps, to the moment that its log says ready. */
function readyMs(pid) {
  const log = readFileSync(`/proc/${pid}/stat`, "utf8");
  const ticks = Number(log.slice(log.lastIndexOf(")") + 2).split(" ")[19]);
  const uptimeMs = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1_000;
  const startedAt = Date.now() - uptimeMs + ticks * 10;
  return statSync(`/proc/${pid}`).mtimeMs > 0 ? readyAt(pid) - startedAt : Number.NaN;
}

function readyAt(pid) {
  const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  const home = environment.find((entry) => entry.startsWith("DEVMUX_HOME="))?.slice(12);
  const line = readFileSync(`${home}/collector.log`, "utf8")
    .split("\n")
    .find((text) => text.includes("ready at"));
  return Date.parse(line.slice(0, 24));
}

function residentMegabytes(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024);
}

async function throughput(kind) {
  await using world = await createWorld({ exporters });
  await world.start();
  const { pid } = await world.status();
  const cpuBefore = cpuSeconds(pid);
  const startedAt = performance.now();
  const child = fork(rawClient, [`127.0.0.1:${world.port}`, kind, String(records)]);
  const { spoolPath } = locate("browser:localhost-3000", { stateDir: world.stateDir });
  const last = `record ${records - 1}:`;
  const spools = () => [spoolPath];
  const queues = () => queueFiles(world.queueFile);
  /** How far both are, again and again: the host of a virtual machine may lend it more in one second than in the next. */
  const samples = [];
  do {
    const from = performance.now();
    const [spool, queue] = [sizeOf(spools()), sizeOf(queues())];
    samples.push({ from, to: performance.now(), spool, queue });
    await new Promise((resolve) => setTimeout(resolve, 5));
  } while (!oneHas(spools(), last) || !oneHas(queues(), last));
  const wallMs = performance.now() - startedAt;
  const cpu = cpuSeconds(pid) - cpuBefore;
  const memory = residentMegabytes(pid);
  child.send("stop");
  await once(child, "exit");
  const spooled = countLines(spoolPath, "record ");
  const queued = queues().reduce((sum, file) => sum + countLines(file, "record "), 0);
  const rate = Math.round((records / wallMs) * 1_000);
  const best = bestSecond(samples, { spool: sizeOf(spools()) / records, queue: sizeOf(queues()) / records });
  console.log(
    `${kind} messages: ${rate} records/s into tmux + queue (${best} in the best second, ${Math.round(records / cpu)} per CPU second, ${memory} MB); spool ${spooled}, queue ${queued} of ${records}`,
  );
}

/** The most records that came to be in both within a second; `bytes`: of one record, which are all as long. */
function bestSecond(samples, bytes) {
  const done = samples.map(({ spool, queue, ...at }) => ({
    ...at,
    records: Math.min(spool / bytes.spool, queue / bytes.queue),
  }));
  let best = 0;
  let first = 0;
  for (const { to, records } of done) {
    while (to - done[first + 1]?.from >= 1_000) first++;
    const since = done[first];
    const ms = to - since.from;
    if (ms >= 1_000) best = Math.max(best, ((records - since.records) / ms) * 1_000);
  }
  return Math.round(best);
}

function sizeOf(paths) {
  return paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** At its end: files that were full are sealed, also right behind the last record. */
function oneHas(paths, text) {
  return paths.some((path) => tailOf(path).includes(text));
}

function tailOf(path) {
  try {
    const { size } = statSync(path);
    const { openSync, readSync, closeSync } = process.getBuiltinModule("node:fs");
    const buffer = Buffer.alloc(Math.min(size, 4096));
    const fd = openSync(path, "r");
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    closeSync(fd);
    return buffer.toString();
  } catch {
    return "";
  }
}

/** The one that is written, and those that were full. */
function queueFiles(path) {
  return readdirSync(dirname(path))
    .filter((name) => /^queue(?:\.\d+)*\.jsonl$/.test(name))
    .map((name) => join(dirname(path), name));
}

function countLines(path, text) {
  let count = 0;
  for (const line of readFileSync(path, "latin1").split("\n")) if (line.includes(text)) count++;
  return count;
}

async function latency(rate) {
  await using world = await createWorld();
  await world.start();
  await using example = await openExamplePage(world.url);
  await example.click("log");
  await world.until("the session", async () => (await world.pane(example.stream)).includes("log 1") || undefined);
  const { sessionName } = locate(example.stream, { stateDir: world.stateDir });
  const socket = world.env.DEVMUX_TMUX_SOCKET;
  // A control-mode client is told of each output of the pane as it happens.
  const control = spawn("tmux", ["-L", socket, "-C", "attach-session", "-t", `=${sessionName}`], {
    env: world.env,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const count = Math.min(rate * 10, 1_000);
  const delays = [];
  const done = new Promise((resolve) => {
    let rest = "";
    control.stdout.on("data", (chunk) => {
      const now = performance.timeOrigin + performance.now();
      const lines = (rest + chunk).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (!line.startsWith("%output")) continue;
        for (const [, at] of line.matchAll(/sent at (\d+\.\d+);/g)) delays.push(now - Number(at));
        if (delays.length >= count) resolve();
      }
    });
  });
  await example.page.evaluate(
    ([total, everyMs]) =>
      new Promise((resolve) => {
        let sent = 0;
        const timer = setInterval(() => {
          console.log(`sent at ${(performance.timeOrigin + performance.now()).toFixed(3)};`);
          if (++sent >= total) {
            clearInterval(timer);
            resolve();
          }
        }, everyMs);
      }),
    [count, 1_000 / rate],
  );
  await done;
  control.kill();
  delays.sort((a, b) => a - b);
  const at = (share) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))].toFixed(1);
  console.log(
    `console.log to the pane at ${rate} records/s: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms (${count} records)`,
  );
}
