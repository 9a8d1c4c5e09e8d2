// Statement T5 in figures: how late the collector's event loop is while one stream gets 50,000 lines a second for a minute, with
// tmux running, stopped (SIGSTOP) and missing.
//
//   node collector/cli/bench/streams.bench.mjs [--seconds 60] [--rate 50000] [--kind log|export] [--tmux running,stopped,missing]

import { parseArgs } from "node:util";
import { runAtRate } from "../e2e/rate/run.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    rate: { type: "string", default: "50000" },
    kind: { type: "string", default: "log,export" },
    tmux: { type: "string", default: "running,stopped,missing" },
  },
});
const number = (value) => value.toLocaleString("en-US");
const ms = ({ p50, p99, max }) => `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(0)} ms`;

for (const kind of values.kind.split(",")) {
  for (const tmux of values.tmux.split(",")) {
    const seconds = Number(values.seconds);
    const outcome = await runAtRate({ linesPerSecond: Number(values.rate), seconds, tmux, kind });
    const { sent, tookMs, spooled, shown, skipped, wall, cpu, samples } = outcome;
    console.log(
      `${kind} messages, tmux ${tmux}: ${number(Math.round((sent / tookMs) * 1_000))} lines/s; the loop late by ${ms(wall)} (its own work ${ms(cpu)}; ${number(samples)} samples); spool ${number(spooled.length)} of ${number(sent)}, view ${number(shown)} + ${number(skipped)} skipped`,
    );
  }
}
