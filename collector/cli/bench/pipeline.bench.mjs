// What a pipeline costs, as ratios within one run, so that they mean the same on any machine:
//
//   pnpm bench pipeline          (node collector/cli/bench/pipeline.bench.mjs [--only processors|redaction|streams|queue|start])
//
// processors: records per CPU second through 0, 3 and 8 processors, and into storage
// redaction:  the default pipeline's, over records without a secret (the usual case) and with one in each hundred
// streams:    the same pipeline fed by 1, 10, 100 and 1,000 streams
// queue:      the default pipeline (bytes that come and are indexed, redaction, compressed requests) behind whose exporter 1 k to
//             1 M records wait, in memory and in storage (past 8 MiB they are read back from the disk and indexed again)
// start:      start-up and memory of the built collector, beside a Node that does nothing
//
// Streams and queue end in FLAT where no size costs more than 1.2 times the smallest per record, else in GROWS.

import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzip } from "node:zlib";
import { Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { createCollector } from "@chriscode/devmux-telemetry-server";
import { z } from "zod";
import { factories } from "../dist/components.js";
import { createWorld } from "../e2e/world.ts";

const { values } = parseArgs({ options: { only: { type: "string" }, rounds: { type: "string", default: "7" } } });
const wanted = (name) => values.only === undefined || values.only === name;
const rounds = Number(values.rounds);
const signals = ["logs"];
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** About 350 bytes a record, as a page's console writes them. */
function batchOf(count, { service = "bench", secretEvery = 0 } = {}) {
  const builder = new LogsBuilder(
    { "service.name": service, "service.version": "1.2.3", "devmux.stream.name": `browser:${service}` },
    { name: "console" },
  );
  for (let index = 0; index < count; index++) {
    const secret =
      secretEvery > 0 && index % secretEvery === 0 ? " Authorization: Bearer eyJhbGciOiJIUzI1NiJ9abcdef" : "";
    builder.add({
      timeMs: 1_800_000_000_000 + index,
      observedTimeMs: 1_800_000_000_000 + index,
      severityNumber: 9,
      severityText: "log",
      body: `record ${index}: the quick brown fox jumps over the lazy dog and goes on to the next of them${secret}`,
      attributes: {
        "log.record.uid": `0123456789abcdef-${service}-${index}`,
        "code.file.path": "http://localhost:3000/src/components/cart/checkout.tsx",
        "code.line.number": index,
        "browser.console.method": "log",
        "url.full": "http://localhost:3000/checkout?step=2",
      },
    });
  }
  return builder.build();
}

/** A collector with a receiver and an exporter in this program's hands. */
async function start({ processors = {}, queue = {}, storage = false, send = () => undefined }) {
  const stateDir = await mkdtemp(join(tmpdir(), "devmux-bench-"));
  let entry;
  let sent = 0;
  let told = () => {};
  const gate = { open: true, permits: 0, waiting: [] };
  const source = {
    kind: "receiver",
    type: "source",
    summary: "the benchmark",
    signals,
    config: z.strictObject({}),
    create: (_settings, _config, { logs }) => {
      entry = logs;
      return {};
    },
  };
  const sink = {
    kind: "exporter",
    type: "sink",
    summary: "counts",
    signals,
    config: z.strictObject({}),
    create: () => ({
      async export(batch) {
        if (!gate.open && gate.permits-- <= 0) await new Promise((resolve) => gate.waiting.push(resolve));
        await send(batch);
        sent += batch.itemCount;
        told();
        return { kind: "accepted" };
      },
    }),
  };
  const options = {
    queue_size: "4GiB",
    queue_items: 100_000_000,
    ...queue,
    ...(storage ? { storage: "storage" } : {}),
  };
  const collector = createCollector({
    config: {
      receivers: { source: {} },
      processors,
      exporters: { sink: { sending_queue: options } },
      extensions: storage ? { storage: {} } : {},
      service: {
        extensions: storage ? ["storage"] : [],
        pipelines: { logs: { receivers: ["source"], processors: Object.keys(processors), exporters: ["sink"] } },
      },
    },
    factories: [...factories, source, sink],
    address: { host: "127.0.0.1", port: 0 },
    stateDir,
    version: "bench",
    log: silent,
  });
  await collector.start();
  return {
    consume: (batch) => entry.consume(batch),
    async arrived(count) {
      while (sent < count)
        await new Promise((resolve) => {
          told = resolve;
        });
    },
    get sent() {
      return sent;
    },
    hold() {
      gate.open = false;
    },
    /** Lets one call through. */
    release() {
      gate.permits++;
      gate.waiting.shift()?.();
    },
    async stop() {
      gate.open = true;
      for (const resume of gate.waiting.splice(0)) resume();
      await collector.shutdown(0);
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const format = (value) => Math.round(value).toLocaleString("en-US");

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** CPU microseconds that `run` took, without what was left of others. */
async function cpuOf(run) {
  collectGarbage();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/**
 * Cases measured in turn, there and back, so that what else the machine does and what a case leaves behind meet all of them. Each
 * gives microseconds a record; of each case one for each round.
 */
async function inTurn(cases, count = rounds) {
  const results = new Map(cases.map(({ name }) => [name, []]));
  for (let round = 0; round <= count; round++)
    for (const { name, measure } of round % 2 === 0 ? cases : cases.toReversed()) {
      const value = await measure();
      // The first is the compiler's.
      if (round > 0) results.get(name).push(value);
    }
  return results;
}

/**
 * A case costs the first one's times the median of what it cost in each round beside the first one in the same round. Not the least
 * of each beside the least of the other: a machine that runs other things is at times half as fast for seconds, and one round of
 * one case in which it is not made the others 1.4 times as dear, another one each time.
 */
function print(title, results, flat = false) {
  const [first] = results.values();
  const costs = [...results].map(([name, values]) => ({
    name,
    perRecord: median(values),
    ratio: median(values.map((value, round) => value / first[round])),
  }));
  console.log(title);
  for (const { name, perRecord, ratio } of costs)
    console.log(
      `  ${name.padEnd(34)} ${format(1e6 / perRecord).padStart(12)} records per CPU second   ${ratio.toFixed(2)} of the first's cost`,
    );
  if (flat) {
    const worst = Math.max(...costs.map(({ ratio }) => ratio));
    console.log(`  ${worst <= 1.2 ? "FLAT" : "GROWS"}: at most ${worst.toFixed(2)} times the smallest`);
  }
}

const three = {
  redaction: {},
  filter: { log_conditions: ["severity_number < SEVERITY_NUMBER_INFO"] },
  memory_limiter: {},
};
const eight = {
  memory_limiter: {},
  redaction: {},
  filter: { log_conditions: ["severity_number < SEVERITY_NUMBER_INFO"] },
  attributes: { actions: [{ key: "team", value: "web", action: "upsert" }] },
  resource: { attributes: [{ key: "env", value: "dev", action: "upsert" }] },
  transform: { log_statements: ['set(attributes["method"], attributes["browser.console.method"])'] },
  rate_limit: { records_per_second: 1_000_000_000 },
  probabilistic_sampler: { sampling_percentage: 99 },
};

/** `batches` in turn, or what `batches.make` gives, until `records` have passed. */
async function flood(collector, batches, records) {
  const make = batches.make ?? ((index) => batches[index % batches.length]);
  let passed = 0;
  for (let index = 0; passed < records; index++) {
    const batch = make(index);
    await collector.consume(batch);
    passed += batch.itemCount;
  }
  return passed;
}

async function throughput(options, batches, records) {
  const collector = await start(options);
  return {
    measure: async () => (await cpuOf(() => flood(collector, batches, records))) / records,
    stop: () => collector.stop(),
  };
}

async function compare(title, cases, flat) {
  const running = [];
  for (const { name, options, batches, records } of cases)
    running.push({ name, ...(await throughput(options, batches, records)) });
  print(title, await inTurn(running), flat);
  for (const each of running) await each.stop();
}

if (wanted("processors")) {
  const batches = [batchOf(1_000)];
  await compare("throughput by processors", [
    { name: "none", options: {}, batches, records: 1_000_000 },
    { name: "3: memory_limiter, redaction, filter", options: { processors: three }, batches, records: 500_000 },
    { name: "8 of them, 4 change each record", options: { processors: eight }, batches, records: 50_000 },
    { name: "none, into storage", options: { storage: true }, batches, records: 200_000 },
    { name: "3, into storage", options: { processors: three, storage: true }, batches, records: 200_000 },
  ]);
}

if (wanted("redaction")) {
  // The path of a batch that is not decoded: its bytes come, are indexed, pass, and are handed on.
  const bytes = (options) => [batchOf(1_000, options).encode()];
  const [clean, hit] = [bytes({}), bytes({ secretEvery: 100 })];
  const arriving = (requests) => ({
    itemCount: 1_000,
    make: (index) => Logs.fromProtobuf(requests[index % requests.length]),
  });
  await compare("redaction, on by default, over bytes that are indexed as they come", [
    { name: "without it", options: {}, batches: arriving(clean), records: 500_000 },
    {
      name: "no secret in sight",
      options: { processors: { redaction: {} } },
      batches: arriving(clean),
      records: 200_000,
    },
    {
      name: "a secret in each hundred",
      options: { processors: { redaction: {} } },
      batches: arriving(hit),
      records: 200_000,
    },
  ]);
  await throughDaemon();
}

if (wanted("streams")) {
  const processors = { ...three, rate_limit: { records_per_second: 1_000_000_000 } };
  for (const size of [10, 100]) {
    // As many batches whatever the number of streams: what is measured is not the processor's cache.
    const batches = (streams) =>
      Array.from({ length: 1_000 }, (_, index) => batchOf(size, { service: `app-${index % streams}` }));
    await compare(
      `streams, in batches of ${size}`,
      [1, 10, 100, 1_000].map((streams) => ({
        name: `${format(streams)} streams`,
        options: { processors },
        batches: batches(streams),
        records: 1_000 * size,
      })),
      true,
    );
  }
}

if (wanted("queue")) {
  const bytes = batchOf(100).encode();
  const perCall = 1_000;
  const arrive = () => Logs.fromProtobuf(new Uint8Array(bytes));
  const compress = promisify(gzip);
  const send = (sent) => compress(sent.encode());
  for (const storage of [false, true]) {
    const records = 100_000;
    const running = [];
    for (const waiting of [1_000, 10_000, 100_000, 1_000_000]) {
      const queue = { batch: { max_items: perCall } };
      const collector = await start({ processors: { redaction: {} }, storage, queue, send });
      collector.hold();
      await flood(collector, { make: arrive }, waiting);
      // What comes in goes out behind what waits, so that it is as much all the time.
      const cycle = async () => {
        for (let passed = 0; passed < records; passed += perCall) {
          const goal = collector.sent + 1;
          await Promise.all(Array.from({ length: perCall / 100 }, () => collector.consume(arrive())));
          collector.release();
          await collector.arrived(goal);
        }
      };
      const measure = async () => (await cpuOf(cycle)) / records;
      running.push({ name: `${format(waiting)} records wait`, measure, stop: () => collector.stop() });
    }
    print(`behind what waits in ${storage ? "storage" : "memory"}`, await inTurn(running), true);
    for (const each of running) await each.stop();
  }
}

if (wanted("start")) {
  const node = [];
  const collector = [];
  let memory = 0;
  for (let round = 0; round < 5; round++) {
    const before = performance.now();
    execFileSync(process.execPath, ["-e", "0"]);
    node.push(performance.now() - before);
    await using world = await createWorld();
    const startedAt = performance.now();
    await world.start();
    collector.push(performance.now() - startedAt);
    const { pid } = await world.status();
    if (round > 0) continue;
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    memory = residentMegabytes(pid);
  }
  const idle = Number(
    execFileSync(process.execPath, ["-e", "console.log(process.memoryUsage.rss() / 2 ** 20)"]).toString(),
  );
  console.log("start-up and memory, with the default components");
  console.log(
    `  \`devmux telemetry start\`: ${Math.round(median(collector))} ms, ${(median(collector) / median(node)).toFixed(1)} times \`node -e 0\` (two processes, one after the other)`,
  );
  console.log(`  resident after 5 s: ${memory} MB, ${(memory / idle).toFixed(2)} times a Node that does nothing`);
}

/** The built collector, OTLP in and out, each with and without redaction, in turn. */
async function throughDaemon() {
  const peer = fileURLToPath(new URL("./otlp-peer.mjs", import.meta.url));
  const backend = fork(peer, ["backend"]);
  const [{ port }] = await once(backend, "message");
  const measure = (processors) => async () => {
    const otlp_http = { endpoint: `http://127.0.0.1:${port}`, compression: "none", sending_queue: { storage: "none" } };
    await using world = await createWorld({
      telemetry: {
        collector: {
          receivers: { otlp: { protocols: {} } },
          processors,
          exporters: { otlp_http },
          service: {
            pipelines: {
              logs: { receivers: ["otlp"], processors: Object.keys(processors), exporters: ["otlp_http"] },
            },
          },
        },
      },
    });
    await world.start();
    const { pid } = await world.status();
    const sender = fork(peer, ["sender", String(world.port), "1000"]);
    await once(sender, "message");
    const before = cpuSeconds(pid);
    sender.send({ seconds: 3 });
    const [{ sent }] = await once(sender, "message");
    await world.until("everything sent", async () => {
      const { components } = await world.status();
      return components.find(({ id }) => id === "otlp_http").signals.logs.sent >= sent || undefined;
    });
    const microseconds = ((cpuSeconds(pid) - before) * 1e6) / sent;
    sender.kill();
    return microseconds;
  };
  const cases = [
    { name: "without it", measure: measure({}) },
    { name: "with it, no secret in sight", measure: measure({ redaction: {} }) },
  ];
  print("redaction, in the built collector, OTLP in and out", await inTurn(cases, 3));
  backend.kill();
}

function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMegabytes(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024);
}
