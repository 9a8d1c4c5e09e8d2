import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../test/directory.ts";
import { eventLine, statusLine } from "../../../test/queue-lines.ts";
import { changeStatus } from "./change.ts";
import { type ChangesOptions, queueChanges } from "./changes.ts";
import { pruneQueue } from "./prune.ts";

/** A queue that is watched; `next` waits for so many changes more and says them in a word each. */
function watched(lines: string[], options: Partial<ChangesOptions> = {}) {
  const path = join(temporaryDirectory(), "queue.jsonl");
  if (lines.length > 0) writeFileSync(path, lines.join(""));
  const end = new AbortController();
  const changes = queueChanges(path, { lowest: "warning", follow: true, signal: end.signal, ...options });
  onTestFinished(async () => {
    end.abort();
    await changes.return(undefined);
  });
  return {
    path,
    append: (...more: string[]) => appendFileSync(path, more.join("")),
    async next(count: number) {
      const said: string[] = [];
      while (said.length < count) {
        const { value } = await changes.next();
        if (value === undefined) break;
        const { kind, item, more } = value;
        said.push([kind, item.id, item.status, ...(more > 0 ? [`+${more}`] : [])].join(" "));
      }
      return said;
    },
  };
}

const seenLine = (id: string, count: number, key: string) =>
  `${JSON.stringify({ op: "seen", id, count, key, lastSeen: new Date().toISOString() })}\n`;
const reopenLine = (id: string, rev: number) =>
  statusLine(id, "pending", { from: "resolved", rev, reason: "seen_again", at: new Date().toISOString() });
const prune = (path: string) =>
  pruneQueue(path, { keepClosedMs: 1e12, graceMs: 0, keepHistory: 9, maxOpenBytes: 1e9, lockTimeoutMs: 1_000 });

describe("who watches the queue", () => {
  test("has each event once, and then what becomes of it", async () => {
    const { path, append, next } = watched([eventLine("event-a"), eventLine("event-b", { severity: "info" })]);
    expect(await next(1)).toEqual(["new event-a pending"]);
    append(eventLine("event-c", { severity: "warning" }), seenLine("event-a", 3, "k"));
    expect(await next(2)).toEqual(["new event-c pending", "repeated event-a pending +3"]);
    await changeStatus(path, { kind: "claim", id: "event-a", agent: "x", leaseMs: 60_000 });
    expect(await next(1)).toEqual(["status event-a processing"]);
    await changeStatus(path, { kind: "resolve", id: "event-a" });
    expect(await next(1)).toEqual(["status event-a resolved"]);
    append(reopenLine("event-a", 3), seenLine("event-a", 1, "l"));
    expect(await next(1)).toEqual(["reopened event-a pending +1"]);
  });

  test("is told when a claim ends that nobody has renewed", async () => {
    let nowMs = Date.now();
    const { path, next } = watched([eventLine("event-a")], { now: () => nowMs });
    expect(await next(1)).toEqual(["new event-a pending"]);
    await changeStatus(path, { kind: "claim", id: "event-a", agent: "x", leaseMs: 60_000 });
    expect(await next(1)).toEqual(["status event-a processing"]);
    nowMs += 120_000;
    expect(await next(1)).toEqual(["status event-a pending"]);
  });

  test("misses nothing and sees nothing twice when the file is sealed, whatever the severity", async () => {
    const { path, append, next } = watched([eventLine("event-a"), eventLine("event-b", { severity: "info" })], {
      lowest: "info",
    });
    expect(await next(2)).toEqual(["new event-a pending", "new event-b pending"]);
    append(eventLine("event-c", { severity: "info" }));
    await prune(path);
    append(eventLine("event-d"), seenLine("event-a", 1, "k"));
    expect((await next(3)).sort()).toEqual([
      "new event-c pending",
      "new event-d pending",
      "repeated event-a pending +1",
    ]);
  });

  test("sees nothing twice when another program writes the file anew, and what a hand has changed in it", async () => {
    const { path, next } = watched([eventLine("event-a"), eventLine("event-b")]);
    expect(await next(2)).toEqual(["new event-a pending", "new event-b pending"]);
    const text = readFileSync(path, "utf8").replace('"pending"', '"dismissed"');
    writeFileSync(`${path}.new`, text + eventLine("event-c"));
    renameSync(`${path}.new`, path);
    expect(await next(2)).toEqual(["status event-a dismissed", "new event-c pending"]);
  });

  test("waits for a queue that is not there yet", async () => {
    const { append, next } = watched([]);
    const first = next(1);
    append(eventLine("event-a"));
    expect(await first).toEqual(["new event-a pending"]);
  });
});

test("without following it ends with what is there", async () => {
  const { next } = watched([eventLine("event-a"), "{torn\n"], { follow: false });
  expect(await next(9)).toEqual(["new event-a pending"]);
});
