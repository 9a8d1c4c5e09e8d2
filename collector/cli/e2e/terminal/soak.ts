// The statements about terminals and tmux with their full numbers. Takes minutes; the tests run the same with small ones.
//
//   node collector/cli/e2e/terminal/soak.ts [T1 T4 T5 T6 T7]

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runAtRate } from "../rate/run.ts";
import { connectRaw } from "../raw-client.ts";
import { createWorld } from "../world.ts";
import { corpus } from "./corpus.ts";
import { lookAt, sendTexts } from "./look.ts";

const careless = "set -g set-clipboard on\nset -g allow-passthrough on\nset -g allow-rename on\n";
/** So that the pane shows and keeps every text. */
const whole = {
  tmux: {
    max_view_rate: 1_000_000,
    max_view_size: "64MiB",
    max_spool_size: "256MiB",
    history_limit: 100_000,
    initial_lines: 10_000,
  },
};
const rounds = 5;
const texts = 1_000;

/** Random texts, other ones each round. */
async function hostile(config: string): Promise<object> {
  for (let round = 0; round < rounds; round++) {
    await using world = await createWorld({ exporters: whole, env: { NO_COLOR: "" } });
    writeFileSync(join(world.dir, ".tmux.conf"), config);
    await world.start();
    await sendTexts(world, corpus(texts, round + 1));
    const looked = await lookAt(world);
    assert.deepEqual([looked.obeyed, looked.shownObeyed], [[], []]);
    assert.deepEqual(
      looked.heads,
      Array.from({ length: texts }, (_, index) => index),
    );
    assert.deepEqual([looked.buffers, looked.pane], ["", "log 0 0 1\n"]);
    assert.doesNotMatch(looked.title, /owned/);
  }
  return { texts: rounds * texts };
}

async function rate(): Promise<object> {
  const figures: Record<string, unknown> = {};
  for (const tmux of ["running", "stopped", "missing"] as const) {
    const outcome = await runAtRate({ linesPerSecond: 50_000, seconds: 60, tmux, kind: "export" });
    assert.equal(outcome.spooled.length, outcome.sent);
    assert.equal(outcome.shown + outcome.skipped, outcome.sent);
    assert.ok(outcome.wall.p99 < 20, `the loop was late by ${outcome.wall.p99} ms (p99) with tmux ${tmux}`);
    figures[tmux] = { wall: outcome.wall, cpu: outcome.cpu, skipped: outcome.skipped };
  }
  return figures;
}

async function killed(): Promise<object> {
  await using world = await createWorld();
  await world.start();
  const client = await connectRaw(world.url, "app");
  await client.hello({ "service.name": "app" }, { kind: "node" });
  client.log("the first;");
  let next = 0;
  let longestMs = 0;
  for (let kill = 0; kill < 20; kill++) {
    await world.until("the pane", async () => (await world.pane("node:app")).includes("the first;") || undefined);
    await world.tmux("kill-server");
    const at = performance.now();
    const mine = `after ${next};`;
    await world.until("the pane with its last lines", async () => {
      client.log(`after ${next++};`);
      const pane = await world.pane("node:app");
      return (pane.includes("the first;") && pane.includes(mine)) || undefined;
    });
    longestMs = Math.max(longestMs, performance.now() - at);
  }
  await client.close();
  assert.ok(longestMs < 5_000, `a pane came back after ${longestMs} ms`);
  return { kills: 20, longestMs: Math.round(longestMs) };
}

/** Processes that all want the pane of one stream. */
async function race(): Promise<object> {
  await using world = await createWorld();
  await world.start();
  const client = await connectRaw(world.url, "app");
  await client.hello({ "service.name": "app" }, { kind: "node" });
  client.log("hello");
  for (let round = 0; round < 20; round++) {
    await world.until("the pane", async () => (await world.pane("node:app")).includes("hello") || undefined);
    await world.tmux("kill-server");
    await Promise.all(Array.from({ length: 8 }, () => world.devmux("attach", "node:app")));
    const panes = (await world.tmux("list-panes", "-a", "-F", "#{pane_id}")).trim().split("\n");
    assert.equal(panes.length, 1);
  }
  await client.close();
  return { rounds: 20, processes: 9 };
}

const statements: Readonly<Record<string, () => Promise<object>>> = {
  T1: () => hostile(""),
  T4: () => hostile(careless),
  T5: rate,
  T6: killed,
  T7: race,
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(statements)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = performance.now();
  const figures = await run();
  console.log(`${name}: holds, ${Math.round((performance.now() - start) / 1_000)} s`, figures);
}
