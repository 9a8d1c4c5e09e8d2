// The worst moments: another process changes the queue between the exporter's look at it and its write.

import { execFileSync } from "node:child_process";
import fs, {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../test/directory.ts";
import { never, startExporter } from "../../test/host.ts";
import type { Job } from "../../test/queue-child.ts";
import { itemsOf } from "../../test/queue-items.ts";
import { batchOf } from "../../test/records.ts";
import { factory } from "./factory.ts";
import { changeStatus } from "./work/change.ts";

const child = fileURLToPath(new URL("../../test/queue-child.ts", import.meta.url));

/** Calls `meanwhile` when the next line is about to be written, and when it has been. */
function atNextWrite({ before = () => {}, after = () => {} }: { before?: () => void; after?: () => void }): void {
  const write = fs.writeSync;
  const restore = () => {
    fs.writeSync = write;
    syncBuiltinESMExports();
  };
  fs.writeSync = ((fd: number, bytes: Uint8Array) => {
    restore();
    before();
    const count = write(fd, bytes);
    after();
    return count;
  }) as typeof fs.writeSync;
  syncBuiltinESMExports();
  onTestFinished(restore);
}

/** In a process of its own, because here nothing else can run meanwhile. */
function run(job: Job): void {
  execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", child, JSON.stringify(job)]);
}

const prune = (path: string, keepClosedMs = 0) => run({ kind: "prune", path, times: 1, keepClosedMs, graceMs: 0 });
const change = (path: string, kind: "resolve" | "dismiss") =>
  run({ kind: "change", path, name: "other", changes: 1, wishes: [kind] });
const error = (body: string) => ({ body, severityNumber: 17 });

async function startQueue() {
  const path = join(temporaryDirectory(), "triggers", "queue.jsonl");
  const { exporter, settings } = await startExporter(factory, { path, dedup_window: "1h" }, dirname(path));
  return {
    path,
    settings,
    exporter,
    send: (...bodies: string[]) => exporter.export(batchOf("node:app", bodies.map(error)), never),
    end: () => exporter.shutdown?.(never),
    /** Content, status and count of each event. */
    events: async () => (await itemsOf(path)).map(({ rawContent, status, count }) => [rawContent, status, count]),
    resolve: async () => {
      for (const { id } of await itemsOf(path)) await changeStatus(path, { kind: "resolve", id });
    },
  };
}

const moments = ["before", "after"] as const;

const changes: readonly (readonly [string, (path: string) => void])[] = [
  ["deletes the file", (path) => rmSync(path)],
  ["deletes its directory", (path) => rmSync(dirname(path), { recursive: true })],
  [
    "replaces it by an empty one",
    (path) => {
      writeFileSync(`${path}.new`, "");
      renameSync(`${path}.new`, path);
    },
  ],
  ["seals it", (path) => renameSync(path, join(dirname(path), "queue.1.jsonl"))],
  ["prunes the queue", prune],
  [
    "prunes it twice",
    (path) => {
      prune(path);
      prune(path);
    },
  ],
];

test.each(changes.flatMap(([name, change]) => moments.map((moment) => [name, moment, change] as const)))(
  "another process %s %s the write: the new event is there",
  async (_, moment, change) => {
    const { path, send, events } = await startQueue();
    await send("before");
    atNextWrite({ [moment]: () => change(path) });
    expect(await send("first", "second")).toEqual({ kind: "accepted" });
    expect((await events()).slice(-2)).toEqual([
      ["first", "pending", 1],
      ["second", "pending", 1],
    ]);
    // For those who read no other file, too.
    const active = readFileSync(path, "utf8");
    expect([active.includes('"first"'), active.includes('"second"')]).toEqual([true, true]);
  },
);

test("another process truncates the file before the write: the new event is there", async () => {
  const { path, send, events } = await startQueue();
  await send("before");
  atNextWrite({ before: () => truncateSync(path) });
  await send("first");
  expect(await events()).toEqual([["first", "pending", 1]]);
});

test("a directory takes the file's place at the write: nothing is lost when it has gone", async () => {
  const { path, send, events } = await startQueue();
  await send("before");
  atNextWrite({
    before: () => {
      rmSync(path);
      mkdirSync(path);
    },
  });
  expect(await send("first")).toMatchObject({ kind: "retryable" });
  rmdirSync(path);
  expect(await send("first")).toEqual({ kind: "accepted" });
  expect(await events()).toEqual([["first", "pending", 1]]);
});

test.each(changes.flatMap(([name, change]) => moments.map((moment) => [name, moment, change] as const)))(
  "an event was resolved and is seen again, while another process %s %s the write: there is an open event",
  async (_, moment, change) => {
    const { path, send, resolve, events } = await startQueue();
    await send("boom");
    await resolve();
    atNextWrite({ [moment]: () => change(path) });
    await send("boom");
    const open = (await events()).filter(([, status]) => status === "pending");
    expect(open.map(([content]) => content)).toEqual(["boom"]);
  },
);

test("an event is dismissed while it is opened again: whoever is first in the file wins", async () => {
  const { path, send, resolve, events, end } = await startQueue();
  await send("boom");
  await resolve();
  const [item] = await itemsOf(path);
  const patch = { op: "status", id: item!.id, status: "dismissed", from: "resolved", rev: 2 };
  atNextWrite({ before: () => fs.appendFileSync(path, `${JSON.stringify(patch)}\n`) });
  await send("boom");
  await end();
  expect(await events()).toEqual([["boom", "dismissed", 2]]);
});

test("an event is resolved once more while it is opened again: it is open", async () => {
  const { path, send, resolve, events } = await startQueue();
  await send("boom");
  await resolve();
  const [item] = await itemsOf(path);
  // Opened by hand and resolved at once: the status is the same, the revision is not.
  const opened = { op: "status", id: item!.id, status: "pending", from: "resolved", rev: 2 };
  const closed = { op: "status", id: item!.id, status: "resolved", from: "pending", rev: 3 };
  atNextWrite({ before: () => fs.appendFileSync(path, `${JSON.stringify(opened)}\n${JSON.stringify(closed)}\n`) });
  await send("boom");
  expect(await events()).toEqual([["boom", "pending", 1]]);
});

test("how often it was seen is written to the file that is there, once", async () => {
  const { path, send, events, end } = await startQueue();
  await send("boom");
  await send("boom", "boom");
  atNextWrite({ after: () => prune(path, 1e12) });
  await end();
  expect(await events()).toEqual([["boom", "pending", 3]]);
  expect(readdirSync(dirname(path)).sort()).toEqual(["queue.jsonl", "queue.jsonl.lock"]);
});

test("a change of another process is known at the next record: resolved, and seen again", async () => {
  const { path, send, events, end } = await startQueue();
  await send("boom");
  change(path, "resolve");
  expect(await events()).toEqual([["boom", "resolved", 1]]);
  await send("boom");
  expect(await events()).toEqual([["boom", "pending", 1]]);
  change(path, "dismiss");
  await send("boom");
  await end();
  expect(await events()).toEqual([["boom", "dismissed", 3]]);
});

test.each(moments)(
  "what was written as the queue was pruned (%s it) is counted when it comes again",
  async (moment) => {
    const { path, send, events, end } = await startQueue();
    await send("before");
    atNextWrite({ [moment]: () => prune(path, 1e12) });
    await send("first", "second");
    await send("first", "before");
    await end();
    expect((await events()).sort()).toEqual([
      ["before", "pending", 2],
      ["first", "pending", 2],
      ["second", "pending", 1],
    ]);
  },
);

test("after the queue was pruned, before all of it is carried over and after: what is open goes on being counted", async () => {
  const { path, send, events, end } = await startQueue();
  await send("boom", "other");
  // As a process that prunes and is held up leaves it.
  renameSync(path, join(dirname(path), "queue.1.jsonl"));
  await send("boom", "new");
  prune(path, 1e12);
  await send("boom", "new", "other");
  await end();
  expect((await events()).sort()).toEqual([
    ["boom", "pending", 3],
    ["new", "pending", 2],
    ["other", "pending", 2],
  ]);
});

test("chatter that is history with its file is an event again", async () => {
  const { path, exporter, events } = await startQueue();
  const chatter = batchOf("node:app", [{ body: "ready", severityNumber: 9 }]);
  await exporter.export(chatter, never);
  prune(path, 1e12);
  expect(await events()).toEqual([]);
  await exporter.export(batchOf("node:app", [{ body: "ready", severityNumber: 9 }]), never);
  expect(await events()).toEqual([["ready", "pending", 1]]);
});
