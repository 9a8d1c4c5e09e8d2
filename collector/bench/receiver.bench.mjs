// Records per second of the collector's CPU time through the devmux receiver into an exporter that does nothing: what the
// engine itself costs. The client is another process, so that its work is not counted.
//
//   node collector/bench/receiver.bench.mjs [records]

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { devmuxReceiverFactory } from "../dist/index.js";
import { sinkFactory, startTestCollector } from "../dist/testing/index.js";

const count = Number(process.argv[2] ?? 500_000);
const client = fileURLToPath(new URL("./client.mjs", import.meta.url));

for (const kind of ["log", "export"]) {
  let received = 0;
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  const sink = {
    async export(batch) {
      received += batch.itemCount;
      if (received >= count) finish();
      return { kind: "accepted" };
    },
  };
  const config = {
    receivers: { devmux: {} },
    exporters: { sink: {} },
    service: { pipelines: { logs: { receivers: ["devmux"], exporters: ["sink"] } } },
  };
  await using running = await startTestCollector(config, [
    devmuxReceiverFactory,
    sinkFactory(sink, { waitForResult: true }),
  ]);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const child = fork(client, [running.authority, kind, String(count)]);
  await finished;
  const wallMs = performance.now() - startedAt;
  const cpu = process.cpuUsage(cpuBefore);
  const cpuMs = (cpu.user + cpu.system) / 1_000;
  child.send("stop");
  await once(child, "exit");
  console.log(
    `${kind.padEnd(6)} ${count} records: ${Math.round((count / wallMs) * 1000)} records/s, ${Math.round((count / cpuMs) * 1000)} records per CPU second`,
  );
}
