// A process that works on a queue, for tests with several of them. What it does is in its argument, as JSON; what it did it says on
// stdout, a line of JSON for each.

import { open } from "node:fs/promises";
import { testHost, testSettings } from "@chriscode/devmux-telemetry-server/testing";
import { factory } from "../src/queue/factory.ts";
import { changeStatus } from "../src/queue/work/change.ts";
import type { Wish } from "../src/queue/work/decide.ts";
import { withQueueLock } from "../src/queue/work/mutex.ts";
import { pruneQueue } from "../src/queue/work/prune.ts";
import { isOpen } from "../src/queue/work/status.ts";
import { createQueueView } from "../src/queue/work/view.ts";
import { batchOf } from "./records.ts";

export type Job = { readonly path: string } & (
  | {
      /** The collector's exporter, with a stream of its own: errors `<name>-<n>`, each `times` times. */
      readonly kind: "write";
      readonly name: string;
      readonly events: number;
      readonly batch: number;
      /** Of their texts, in turn. */
      readonly bytes: readonly number[];
      readonly times?: number;
      readonly config?: object;
      readonly pauseMs?: number;
    }
  /** Changes events at random until `changes` have succeeded or nothing is open. Says each change. */
  | {
      readonly kind: "change";
      readonly name: string;
      readonly changes: number;
      readonly wishes: readonly Wish["kind"][];
    }
  /** Claims until `events` have been claimed by all. Says each claim. */
  | { readonly kind: "claim"; readonly name: string; readonly leaseMs: number; readonly idleMs: number }
  | { readonly kind: "prune"; readonly times: number; readonly keepClosedMs: number; readonly graceMs: number }
  /** Says `locked` when it has the lock, and keeps it. */
  | { readonly kind: "lock" }
  /** As another program does it: opens, writes a line, closes; or keeps the file open. */
  | { readonly kind: "append"; readonly name: string; readonly events: number; readonly keepOpen: boolean }
);

const job = JSON.parse(process.argv[2] ?? "") as Job;
const say = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);
const never = new AbortController().signal;
const { path } = job;

switch (job.kind) {
  case "write":
    await write(job);
    break;
  case "change":
    await change(job);
    break;
  case "claim":
    await claim(job);
    break;
  case "prune":
    for (let time = 0; time < job.times; time++) {
      const { keepClosedMs, graceMs } = job;
      say(await pruneQueue(path, { keepClosedMs, graceMs, keepHistory: 0, maxOpenBytes: 1e9, lockTimeoutMs: 60_000 }));
    }
    break;
  case "lock":
    await withQueueLock(path, { timeoutMs: 1_000 }, async () => {
      say({ locked: true });
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    });
    break;
  case "append":
    await append(job);
}

async function write({
  name,
  events,
  batch,
  bytes,
  times = 1,
  config = {},
  pauseMs = 0,
}: Extract<Job, { kind: "write" }>) {
  const settings = testSettings("queue");
  const exporter = factory.create(
    settings,
    factory.config.parse({ path, dedup_window: "50ms", context_lines: 0, ...config }),
  );
  const textOf = (number: number) => `${name}-${number} ${"x".repeat(bytes[number % bytes.length]!)}`;
  await exporter.start?.(testHost(path));
  for (let from = 0; from < events; from += batch) {
    const records = Array.from({ length: Math.min(batch, events - from) * times }, (_, index) => ({
      body: textOf(from + Math.floor(index / times)),
      severityNumber: 17,
      attributes: { "log.record.uid": `${name}-${from * times + index}` },
    }));
    for (;;) {
      const verdict = await exporter.export(batchOf(`node:${name}`, records), never);
      if (verdict.kind === "accepted") break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await new Promise((resolve) => (pauseMs === 0 ? setImmediate(resolve) : setTimeout(resolve, pauseMs)));
  }
  await exporter.shutdown?.(never);
  say({
    name,
    events,
    times,
    counters: Object.fromEntries(settings.counters),
    drops: Object.fromEntries(settings.drops),
  });
}

async function change({ name, changes, wishes }: Extract<Job, { kind: "change" }>) {
  const view = createQueueView(path);
  for (let done = 0, idle = 0; done < changes && idle < 200; ) {
    await view.refresh();
    const open = [...view.fold.states()].filter(({ status }) => isOpen(status));
    const { event } = open[Math.floor(Math.random() * open.length)] ?? {};
    const kind = wishes[Math.floor(Math.random() * wishes.length)]!;
    if (event === undefined) {
      idle++;
      await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    const wish: Wish =
      kind === "claim" ? { kind, agent: name, leaseMs: 3_600_000, id: event.id } : { kind, id: event.id, by: name };
    const result = await changeStatus(path, wish, { lockTimeoutMs: 60_000 });
    if (result.kind !== "changed") {
      idle++;
      continue;
    }
    done++;
    idle = 0;
    const [content] = event.rawContent.split(" ");
    say({ id: event.id, content, status: result.state.status, rev: result.state.rev });
  }
  await view.close();
}

async function claim({ name, leaseMs, idleMs }: Extract<Job, { kind: "claim" }>) {
  for (let idleSince = Date.now(); Date.now() - idleSince < idleMs; ) {
    const wish: Wish = { kind: "claim", agent: name, leaseMs, lowest: "warning" };
    const result = await changeStatus(path, wish, { lockTimeoutMs: 60_000 });
    if (result.kind === "changed") {
      say({ id: result.state.event.id, rev: result.state.rev });
      idleSince = Date.now();
    } else await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function append({ name, events, keepOpen }: Extract<Job, { kind: "append" }>) {
  let file = await open(path, "a", 0o600);
  for (let number = 0; number < events; number++) {
    const now = new Date().toISOString();
    const event = {
      id: `${name}-${number}`,
      timestamp: now,
      source: "other",
      severity: "error",
      rawContent: `${name}-${number}`,
      status: "pending",
    };
    await file.write(`${JSON.stringify(event)}\n`);
    if (keepOpen && number % 50 !== 49) continue;
    await file.close();
    file = await open(path, "a", 0o600);
  }
  await file.close();
  say({ name, events });
}
