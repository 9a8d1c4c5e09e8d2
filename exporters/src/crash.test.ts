// A collector that is killed between writing and acknowledging gets the same records again. Each is to be there once.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { crashBatch, openExporters, queuePathIn, spoolPathIn } from "../test/crash.ts";
import { temporaryDirectory } from "../test/directory.ts";
import { parseStoredLine } from "./spool/stored-record.ts";

const child = fileURLToPath(new URL("../test/crashing-child.ts", import.meta.url));

interface Run {
  readonly acknowledged: number;
  readonly killed: boolean;
}

/** `onAck` may kill it. */
async function run(args: readonly (string | number)[], onAck: (kill: () => void) => void = () => {}): Promise<Run> {
  const running = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", child, ...args.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => running.on("exit", (_code, signal) => resolve(signal)));
  let output = "";
  for await (const chunk of running.stdout) {
    output += chunk;
    onAck(() => running.kill("SIGKILL"));
  }
  return { acknowledged: output.match(/^ack \d+$/gm)?.length ?? 0, killed: (await ended) === "SIGKILL" };
}

/** How often each record is there whole. */
function wholeRecords(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, name] of text.matchAll(/<(\d+-\d+)>x*(?:\n(?: {4})?second line\n(?: {4})?third line)?<\/\1>/g)) {
    found.set(name!, (found.get(name!) ?? 0) + 1);
  }
  return found;
}

/** Of the lines of a spool that are whole. */
function bodiesOf(spool: string): string {
  return spool
    .split("\n")
    .map(parseStoredLine)
    .flatMap((line) => (line?.kind === "record" ? [String(line.body)] : []))
    .join("\n");
}

function expectEachOnce(directory: string, batches: number, records: number): void {
  const names = Array.from(
    { length: batches * records },
    (_, index) => `${Math.floor(index / records)}-${index % records}`,
  );
  const spool = wholeRecords(bodiesOf(readFileSync(spoolPathIn(directory), "utf8")));
  const events = readFileSync(queuePathIn(directory), "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
  const queue = wholeRecords(events.map(({ rawContent }) => rawContent).join("\n"));
  for (const found of [spool, queue]) {
    expect([...found.keys()].sort()).toEqual([...names].sort());
    expect([...found].filter(([, times]) => times !== 1)).toEqual([]);
  }
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
}

describe("after kill -9", () => {
  // A batch is four writes: the ledger, the spool, the view, the queue.
  const writes = [1, 2, 3, 4, 5, 6, 7, 8];
  it.each(writes.flatMap((at) => (["before", "half", "after"] as const).map((when) => [when, at] as const)))(
    "%s write %i, each record is there once",
    async (when, at) => {
      const directory = temporaryDirectory();
      const { acknowledged, killed } = await run([directory, 0, 3, 10, 20, at, when]);
      expect(killed).toBe(true);
      const exporters = await openExporters(directory);
      for (let number = acknowledged; number < 4; number++) await exporters.send(crashBatch(number, 10, 20));
      await exporters.shutdown();
      expectEachOnce(directory, 4, 10);
    },
  );

  it("at any moment, again and again, with writes of a megabyte", async () => {
    const directory = temporaryDirectory();
    const records = 140;
    let next = 0;
    for (let round = 0; round < 12; round++) {
      let acks = round % 4;
      const { acknowledged, killed } = await run([directory, next, 1_000, records, 7_000, 0, ""], (kill) => {
        if (acks-- <= 0) setTimeout(kill, Math.random() * 4);
      });
      expect(killed).toBe(true);
      next += acknowledged;
    }
    const exporters = await openExporters(directory);
    await exporters.send(crashBatch(next, records, 7_000));
    await exporters.shutdown();
    // Of older batches the spool keeps what its size allows; the queue has them all.
    const events = readFileSync(queuePathIn(directory), "utf8")
      .split("\n")
      .flatMap((line) => (line.endsWith("}") ? [JSON.parse(line)] : []));
    expect([...wholeRecords(events.map(({ rawContent }) => rawContent).join("\n")).values()]).toEqual(
      Array((next + 1) * records).fill(1),
    );
    const spools = [`${spoolPathIn(directory)}.1`, spoolPathIn(directory)].map((path) => {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return "";
      }
    });
    const shown = wholeRecords(bodiesOf(spools.join("")));
    expect([...shown].filter(([, times]) => times !== 1)).toEqual([]);
    expect(shown.size).toBeGreaterThan(Math.min(next + 1, 10) * records - 1);
  });
});
