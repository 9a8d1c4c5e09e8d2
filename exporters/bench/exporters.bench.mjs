// What a record costs in the tmux and the queue exporter, from the batch to the file. tmux itself is left out: it is a view, in
// processes of its own.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testSettings } from "@chriscode/devmux-telemetry-server/testing";
import { factory as queue } from "../dist/queue/index.js";
import { factory as tmux } from "../dist/tmux/index.js";
import { createTmuxExporter } from "../dist/tmux/tmux.js";
import { consoleBatches, errorBatches, plainBatches } from "./batches.mjs";

const directory = mkdtempSync(join(tmpdir(), "devmux-bench-"));
const host = { stateDir: directory, streams: { onChange: () => () => {} } };
const never = new AbortController().signal;

const exporters = {
  tmux: createTmuxExporter(testSettings(), tmux.config.parse({}), { PATH: "/nowhere" }),
  queue: queue.create(
    testSettings(),
    queue.config.parse({ path: join(directory, "queue.jsonl"), max_file_size: "100GiB" }),
  ),
};
for (const exporter of Object.values(exporters)) await exporter.start(host);

async function measure(exporter, batches) {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const batch of batches) {
    const verdict = await exporter.export(batch, never);
    if (verdict.kind !== "accepted") throw new Error(JSON.stringify(verdict));
  }
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

const cases = [
  ["console lines of the SDK", consoleBatches, 100_000],
  ["`log` messages, no uid", plainBatches, 100_000],
  ["errors with a stack", errorBatches, 20_000],
];
const rounds = 5;

try {
  for (const [name, make, count] of cases) {
    for (const size of [1000, 100, 1]) {
      const records = size === 1 ? count / 10 : count;
      for (const [id, exporter] of Object.entries(exporters)) {
        const results = [];
        for (let round = 0; round < rounds; round++) results.push(await measure(exporter, make(records, size)));
        // The best round: what the others have more is other programs and the warming up.
        const wallMs = Math.min(...results.map((result) => result.wallMs));
        const cpuMs = Math.min(...results.map((result) => result.cpuMs));
        const micros = (ms) => ((ms * 1000) / records).toFixed(2).padStart(6);
        console.log(
          `${id.padEnd(6)} ${name.padEnd(26)} ${String(size).padStart(4)} a batch: ${micros(wallMs)} µs a record, ${micros(cpuMs)} µs of CPU`,
        );
      }
    }
  }
} finally {
  for (const exporter of Object.values(exporters)) await exporter.shutdown(never);
  rmSync(directory, { recursive: true, force: true });
}
