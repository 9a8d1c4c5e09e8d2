import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../../test/directory.ts";
import { itemsOf } from "../../../test/queue-items.ts";
import { eventLine, seenAt, statusLine } from "../../../test/queue-lines.ts";
import { pruneQueue } from "./prune.ts";

const noon = Date.parse(seenAt);
const hour = 3_600_000;
const options = {
  keepClosedMs: 24 * hour,
  graceMs: 0,
  keepHistory: 9,
  maxOpenBytes: 1e9,
  lockTimeoutMs: 0,
  now: () => noon + 30 * hour,
};

function queueOf(...lines: string[]): string {
  const path = join(temporaryDirectory(), "queue.jsonl");
  writeFileSync(path, lines.join(""));
  return path;
}

const filesOf = (path: string) => readdirSync(dirname(path)).filter((name) => !name.endsWith(".lock"));
const statesOf = async (path: string) => (await itemsOf(path)).map(({ id, status }) => `${id} ${status}`);

test("what is open stays, and what was closed lately; what is done, and what asks for no work, becomes history", async () => {
  const closedAt = (hours: number) => ({ at: new Date(noon + hours * hour).toISOString() });
  const seen = (id: string, hours: number) =>
    `${JSON.stringify({ op: "seen", id, count: 1, key: id, lastSeen: closedAt(hours).at })}\n`;
  const path = queueOf(
    ...["pending", "claimed", "unknown", "warned", "old", "new", "again", "dismissed"].map((name) =>
      eventLine(name, { severity: name === "unknown" ? "bad" : name === "warned" ? "warning" : "error" }),
    ),
    eventLine("chatter", { severity: "info" }),
    statusLine("claimed", "processing", { by: "x" }),
    statusLine("old", "resolved", closedAt(5)),
    statusLine("new", "resolved", closedAt(7)),
    statusLine("again", "dismissed", closedAt(1)),
    seen("again", 29),
    statusLine("dismissed", "dismissed", closedAt(1)),
  );
  const before = await itemsOf(path);
  expect(await pruneQueue(path, options)).toEqual({
    kind: "pruned",
    kept: 6,
    removed: 3,
    dropped: 0,
    historyFiles: 1,
    deletedFiles: 0,
  });
  const kept = ["pending", "claimed", "unknown", "warned", "new", "again"];
  expect(await itemsOf(path)).toEqual(before.filter(({ id }) => kept.includes(id)));
  expect(filesOf(path)).toEqual([expect.stringMatching(/^queue\.1\.\d+\.jsonl$/), "queue.jsonl"]);
});

test("where there is no room for all that is open, what was seen last and is severe stays; the rest is counted", async () => {
  const names = ["a", "b", "c", "d"];
  const path = queueOf(
    ...names.map((name, index) => eventLine(name, { firstSeen: new Date(noon + index).toISOString() })),
    eventLine("w", { severity: "warning", firstSeen: new Date(noon + 9).toISOString() }),
    eventLine("done", { status: "resolved", firstSeen: new Date(noon + 20 * hour).toISOString() }),
  );
  const line = JSON.stringify({
    ...JSON.parse(eventLine("a")),
    rev: 0,
    count: 1,
    lastSeen: seenAt,
    newAt: seenAt,
  }).length;
  const pruned = await pruneQueue(path, { ...options, maxOpenBytes: Math.floor(line * 3.9) });
  expect(pruned).toMatchObject({ kept: 3, dropped: 3 });
  expect(await statesOf(path)).toEqual(["b pending", "c pending", "d pending"]);
});

test("again and again it changes nothing, and history stays bounded", async () => {
  const path = queueOf(eventLine("a"), statusLine("a", "processing", { by: "x", until: "2027-01-01T00:00:00.000Z" }));
  const before = await itemsOf(path);
  for (let time = 0; time < 10; time++) await pruneQueue(path, { ...options, keepHistory: 2 });
  expect(await itemsOf(path)).toEqual(before);
  expect(filesOf(path)).toHaveLength(3);
  const lines = readFileSync(path, "utf8").trim().split("\n");
  expect(lines).toHaveLength(2);
  expect(JSON.parse(lines[1]!)).toMatchObject({ op: "sealed", segment: 10 });
});

test("what a killed process has left half done is finished: a sealed file that was not carried over", async () => {
  const path = queueOf(
    eventLine("new"),
    statusLine("old", "resolved"),
    eventLine("carried", {
      carried: true,
      rev: 1,
      count: 3,
      lastSeen: seenAt,
      newAt: seenAt,
      seenKeys: [],
      status: "processing",
    }),
  );
  const directory = dirname(path);
  writeFileSync(
    join(directory, "queue.1.jsonl"),
    eventLine("old") + eventLine("carried") + statusLine("carried", "processing") + eventLine("more"),
  );
  const before = (await statesOf(path)).sort();
  expect(before).toEqual(["carried processing", "more pending", "new pending", "old resolved"]);
  await pruneQueue(path, { ...options, keepClosedMs: 1e12 });
  expect((await statesOf(path)).sort()).toEqual(before);
  expect(filesOf(path).filter((name) => /^queue\.\d+\.jsonl$/.test(name))).toEqual([]);
});

test("what a killed process has left half done is finished: an event that was opened again at the last moment", async () => {
  const reopen = statusLine("gone", "pending", { from: "resolved", rev: 2, reason: "seen_again", at: seenAt });
  const path = queueOf(eventLine("other"), reopen);
  const old = eventLine("gone") + statusLine("gone", "resolved", { from: "pending", rev: 1 });
  // Carried over, but nobody has looked for such a patch: there is no line that says so.
  writeFileSync(join(dirname(path), `queue.1.${old.length}.jsonl`), old);
  await pruneQueue(path, options);
  expect((await statesOf(path)).sort()).toEqual(["gone pending", "other pending"]);
});

test("a queue that is not there, or is empty, is none", async () => {
  const path = join(temporaryDirectory(), "queue.jsonl");
  expect(await pruneQueue(path, options)).toMatchObject({ kind: "pruned", kept: 0, removed: 0 });
  expect(filesOf(path)).toEqual([]);
});
