// OTLP/HTTP in -> otlp_http out: records per second of the collector's CPU time, which other collectors can be measured by in
// the same way, and its memory. Sender and backend are other processes.
//
//   node collector/cli/bench/otlp.bench.mjs [--seconds 10] [--compression none|gzip] [--storage none]
//
// As `devmux` does it, what waits for the backend is synced to the disk; with `--storage none` it is in memory.

import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createWorld } from "../e2e/world.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "10" }, compression: { type: "string" }, storage: { type: "string" } },
});
const seconds = Number(values.seconds);
const recordsPerRequest = 1_000;
const peer = fileURLToPath(new URL("./otlp-peer.mjs", import.meta.url));

for (const compression of values.compression ? [values.compression] : ["none", "gzip"]) await run(compression);

async function run(compression) {
  const backend = fork(peer, ["backend"]);
  const [{ port }] = await once(backend, "message");
  const queue = values.storage === undefined ? {} : { sending_queue: { storage: values.storage } };
  const otlpHttp = { endpoint: `http://127.0.0.1:${port}`, compression, ...queue };
  await using world = await createWorld({
    telemetry: {
      collector: {
        receivers: { otlp: { protocols: {} } },
        exporters: { otlp_http: otlpHttp },
        service: { pipelines: { logs: { receivers: ["otlp"], exporters: ["otlp_http"] } } },
      },
    },
  });
  await world.start();
  const { pid } = await world.status();
  const sender = fork(peer, ["sender", String(world.port), String(recordsPerRequest)]);
  await once(sender, "message");
  const cpuBefore = cpuSeconds(pid);
  const memory = [];
  sender.send({ seconds });
  const sampling = setInterval(() => memory.push(residentMegabytes(pid)), 1_000);
  const [{ sent }] = await once(sender, "message");
  clearInterval(sampling);
  const received = await countOf(backend, sent);
  const cpu = cpuSeconds(pid) - cpuBefore;
  sender.kill();
  backend.kill();
  const minutes = Array.from({ length: Math.ceil(memory.length / 60) }, (_, minute) =>
    Math.max(...memory.slice(minute * 60, minute * 60 + 60)),
  );
  console.log(
    `compression ${compression}: ${Math.round(received / cpu)} records per CPU second, ${Math.round(received / seconds)} records/s, ` +
      `${received} of ${sent} arrived; most memory of each minute: ${minutes.join(", ")} MB`,
  );
}

/** Asks until everything is there, or nothing has come for a while. */
async function countOf(backend, expected) {
  let last = -1;
  for (let quiet = 0; quiet < 20; quiet++) {
    backend.send("count");
    const [{ count }] = await once(backend, "message");
    if (count >= expected) return count;
    if (count !== last) quiet = 0;
    last = count;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return last;
}

function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMegabytes(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024);
}
