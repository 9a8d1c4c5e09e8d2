// The statements about the queue that take several processes, with their sizes as arguments: small in the tests, large in
// soak/queue.ts. Each throws where it does not hold, and returns its figures.

import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { followQueue } from "../src/queue/reader.ts";
import type { QueueItem } from "../src/queue/work/item.ts";
import { isOpen } from "../src/queue/work/status.ts";
import type { Job } from "./queue-child.ts";
import { itemsOf } from "./queue-items.ts";
import { type QueueProcess, runAll, startQueueProcess } from "./queue-processes.ts";

const unpruned = { max_file_size: "100GiB" };
/** Longer than a program that is not ours has the file open, or is stopped here. */
const graceMs = 1_000;

/** Q1: every line parses, the order of each writer is kept, none is lost. */
export async function manyWriters(
  directory: string,
  processes: number,
  events: number,
  bytes: readonly number[],
): Promise<object> {
  const path = join(directory, "queue.jsonl");
  const names = Array.from({ length: processes }, (_, index) => `w${index}`);
  await runAll(names.map((name) => ({ kind: "write", path, name, events, batch: 7, bytes, config: unpruned })));
  const next = new Map<string, number>();
  let lines = 0;
  for await (const line of createInterface(createReadStream(path, "latin1"))) {
    if (line === "") continue;
    lines++;
    const [, name = "", number] = /^(.*)-(\d+) x*$/.exec(JSON.parse(line).rawContent) ?? [];
    assert.equal(Number(number), next.get(name) ?? 0, `${name} in order`);
    next.set(name, Number(number) + 1);
  }
  assert.equal(lines, events * processes);
  return { processes, lines };
}

export interface RaceSize {
  readonly writers: number;
  readonly events: number;
  readonly times: number;
  readonly changers: number;
  readonly changes: number;
  readonly rotations: number;
  /** 0: what is done goes with the next rotation. */
  readonly keepClosedMs: number;
  /** Stops one of the processes at a time for so long, wherever it is. */
  readonly stopForMs?: number;
  /** Kills so many processes that rotate, wherever they are. */
  readonly kills?: number;
}

/** Q5: status changes racing appends and rotations. The fold is what the processes said; nothing is lost or comes back. */
export async function race(directory: string, size: RaceSize): Promise<object> {
  const path = join(directory, "queue.jsonl");
  const { writers, events, times, changers, changes, rotations, keepClosedMs } = size;
  const names = Array.from({ length: writers }, (_, index) => `w${index}`);
  const started = names.map((name) =>
    startQueueProcess({
      kind: "write",
      path,
      name,
      events,
      times,
      batch: 5,
      bytes: [100],
      pauseMs: 5,
      config: unpruned,
    }),
  );
  const others = ["open", "shut"].map((name) =>
    startQueueProcess({ kind: "append", path, name, events, keepOpen: name === "open" }),
  );
  const changing = Array.from({ length: changers }, (_, index) =>
    startQueueProcess({
      kind: "change",
      path,
      name: `c${index}`,
      changes,
      wishes: ["claim", "resolve", "dismiss", "release"],
    }),
  );
  const prune: Job = { kind: "prune", path, times: rotations, keepClosedMs, graceMs };
  const pruning = startQueueProcess(prune);
  const all = [...started, ...others, ...changing, pruning];
  const ended = Promise.all(all.map(({ done }) => done));
  if (size.stopForMs !== undefined) await stopInTurn(all, size.stopForMs);
  for (let kill = 0; kill < (size.kills ?? 0); kill++) {
    const victim = startQueueProcess(prune);
    await victim.next();
    await sleep(Math.random() * 20);
    victim.process.kill("SIGKILL");
    await victim.done.catch(() => undefined);
  }
  await ended;

  const last = new Map<string, { status: string; rev: number; content: string }>();
  for (const { said } of changing) {
    for (const change of said as { id: string; content: string; status: string; rev: number }[])
      if (change.rev > (last.get(change.id)?.rev ?? 0)) last.set(change.id, change);
  }
  const byContent = new Map<string, QueueItem[]>();
  for (const item of await itemsOf(path)) {
    const content = item.rawContent.split(" ")[0]!;
    byContent.set(content, [...(byContent.get(content) ?? []), item]);
    const change = last.get(item.id);
    // The collector opens again what happens after it was resolved; that is one change more.
    if (change !== undefined && item.rev <= change.rev)
      assert.equal(
        item.rev === change.rev && item.status,
        change.status,
        `${item.id} is ${item.status}, not ${change.status}`,
      );
    if (change === undefined) assert.equal(item.status, "pending");
  }
  const closed = new Set([...last.values()].filter(({ status }) => !isOpen(status)).map(({ content }) => content));
  let missing = 0;
  for (const name of [...names, "open", "shut"]) {
    for (let number = 0; number < events; number++) {
      const content = `${name}-${number}`;
      const items = byContent.get(content);
      if (items === undefined) {
        // Only what was done may go.
        assert.ok(keepClosedMs === 0 && closed.has(content), `${content} is lost`);
        missing++;
      } else if (keepClosedMs > 0) {
        assert.equal(items.length, 1, `${content} is there ${items.length} times`);
        assert.equal(items[0]!.count, names.includes(name) ? times : 1, `${content} counted`);
      }
    }
  }
  const pruned = pruning.said.map(({ kind }) => kind);
  assert.deepEqual(new Set(pruned), new Set(["pruned"]));
  const counters = started.map(({ said }) => said.at(-1)?.counters);
  const changed = changing.reduce((sum, { said }) => sum + said.length, 0);
  return { events: byContent.size, changes: changed, rotations, removed: missing, counters };
}

/** Until all have ended. */
async function stopInTurn(processes: readonly QueueProcess[], forMs: number): Promise<void> {
  for (let turn = 0; ; turn++) {
    const running = processes.filter(({ process }) => process.exitCode === null && process.signalCode === null);
    if (running.length === 0) return;
    const { process } = running[turn % running.length]!;
    await sleep(Math.random() * 20);
    process.kill("SIGSTOP");
    await sleep(forMs);
    process.kill("SIGCONT");
  }
}

/** Two claimers never get the same event. */
export async function manyClaimers(directory: string, claimers: number, events: number): Promise<object> {
  const path = join(directory, "queue.jsonl");
  await runAll([{ kind: "write", path, name: "w", events, batch: 50, bytes: [10] }]);
  const names = Array.from({ length: claimers }, (_, index) => `claimer-${index}`);
  const jobs = names.map((name): Job => ({ kind: "claim", path, name, leaseMs: 3_600_000, idleMs: 50 }));
  const claims = (await runAll(jobs)).flat();
  assert.equal(new Set(claims.map(({ id }) => id)).size, events);
  assert.equal(claims.length, events);
  return { claimers, claims: claims.length };
}

/** Q10: a reader that tails the file while it is rotated has each event, by its id. */
export async function tailing(directory: string, events: number, rotations: number): Promise<object> {
  const path = join(directory, "queue.jsonl");
  const end = new AbortController();
  const ids = new Set<string>();
  const contents: string[] = [];
  const reading = (async () => {
    for await (const { event } of followQueue(path, { signal: end.signal })) {
      if (ids.has(event.id)) continue;
      ids.add(event.id);
      contents.push(event.rawContent.split(" ")[0]!);
    }
  })();
  const writers = ["a", "b"].map(
    (name): Job => ({ kind: "write", path, name, events, batch: 10, bytes: [100], pauseMs: 2, config: unpruned }),
  );
  await runAll([...writers, { kind: "prune", path, times: rotations, keepClosedMs: 1e12, graceMs }]);
  const deadline = Date.now() + 10_000;
  while (contents.length < 2 * events && Date.now() < deadline) await sleep(20);
  end.abort();
  await reading;
  assert.equal(new Set(contents).size, 2 * events);
  assert.equal(contents.length, 2 * events);
  return { events: contents.length, rotations };
}
