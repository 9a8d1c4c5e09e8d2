import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "../../../test/directory.ts";
import { placeOf } from "../place.ts";
import { listStoredStreams } from "../stored.ts";
import { countSpool } from "./count.ts";
import { createSpoolReader } from "./spool-reader.ts";
import { createTail } from "./tail.ts";
import { createWanted, type Wish } from "./wanted.ts";

const never = new AbortController().signal;
const start = Date.parse("2026-11-21T12:00:00.000Z");

/** A record of second `at`. */
function line(at: number, body: string, severityNumber = 9): string {
  const timestamp = new Date(start + at * 1_000).toISOString();
  return `{"timestamp":"${timestamp}","severityNumber":${severityNumber},"body":${JSON.stringify(body)}}\n`;
}

function world() {
  const stateDir = temporaryDirectory();
  const stream = (name: string) => {
    const place = placeOf(name, { stateDir });
    mkdirSync(dirname(place.spoolPath), { recursive: true });
    writeFileSync(place.aboutPath, JSON.stringify({ stream: name, service: name, platform: "node" }));
    return {
      ...place,
      add: (...lines: string[]) => appendFileSync(place.spoolPath, lines.join("")),
      rotate: () => renameSync(place.spoolPath, place.olderSpoolPath),
    };
  };
  function open(wish: Wish & { last?: number } = {}) {
    const streams = () => listStoredStreams({ stateDir });
    const tail = createTail({ stateDir, streams, wanted: createWanted(wish), last: wish.last });
    onTestFinished(tail.close);
    const read = () => [...tail.read()].map(({ line: each }) => (each.kind === "record" ? each.body : each.event));
    return { tail, read };
  }
  return { stateDir, stream, open };
}

describe("reading the streams' spools", () => {
  it("merges them in the order of time; one stream keeps its own order whatever its clock says", () => {
    const { stream, open } = world();
    stream("node:a").add(line(1, "a1"), line(5, "a5"), line(2, "a late"), line(9, "a9"));
    stream("node:b").add(line(0, "b0"), line(3, "b3"), line(6, "b6"));
    expect(open().read()).toEqual(["b0", "a1", "b3", "a5", "a late", "b6", "a9"]);
  });

  it("reads the file before, goes on where it was, and follows every rotation", async () => {
    const { stream, open } = world();
    const { add, rotate } = stream("node:a");
    add(line(0, "0"));
    rotate();
    add(line(1, "1"), line(2, "2").slice(0, 20));
    const { read, tail } = open();
    expect(read()).toEqual(["0", "1"]);
    add(line(2, "2").slice(20));
    await tail.changed(never);
    expect(read()).toEqual(["2"]);
    add(line(3, "3"));
    rotate();
    add(line(4, "4"));
    await tail.changed(never);
    expect(read()).toEqual(["3", "4"]);
    expect(read()).toEqual([]);
    expect(tail.missedFiles).toBe(0);
  });

  it("says where it was too slow: a file came and went", () => {
    const { stream, open } = world();
    const { add, rotate } = stream("node:a");
    add(line(0, "0"));
    const { read, tail } = open();
    read();
    for (const at of [1, 2, 3]) {
      rotate();
      add(line(at, String(at)));
    }
    expect(read()).toEqual(["2", "3"]);
    expect(tail.missedFiles).toBe(1);
  });

  it("begins anew where a file was emptied, and with a stream that comes later", async () => {
    const { stream, open } = world();
    const a = stream("node:a");
    a.add(line(0, "0"), line(1, "1"));
    const { read, tail } = open({ last: 1 });
    expect(read()).toEqual(["1"]);
    truncateSync(a.spoolPath, 0);
    a.add(line(2, "2"));
    stream("node:b").add(line(3, "3"), line(4, "4"));
    await tail.changed(never);
    expect(read()).toEqual(["2", "3", "4"]);
    rmSync(a.spoolPath);
    a.add(line(5, "5"));
    expect(read()).toEqual(["5"]);
  });

  it("gives the last so many of all, and those are of what is wanted", () => {
    const { stream, open } = world();
    const a = stream("node:a");
    for (let at = 0; at < 3_000; at++) a.add(line(at, `a${at} ${"x".repeat(200)}`, at % 100 === 0 ? 17 : 9));
    a.rotate();
    a.add(line(3_000, "a3000"), line(3_001, "a3001"));
    stream("node:b").add(line(2_950, "b"));
    const short = (bodies: unknown[]) => bodies.map((body) => String(body).split(" ")[0]);
    expect(short(open({ last: 4 }).read())).toEqual(["a2998", "a2999", "a3000", "a3001"]);
    expect(short(open({ last: 3, minSeverity: 17 }).read())).toEqual(["a2700", "a2800", "a2900"]);
    expect(open({ last: 100_000 }).read()).toHaveLength(3_003);
    expect(open({ last: 0 }).read()).toEqual([]);
    // Who came and went is no record.
    stream("node:b").add(`{"timestamp":"${new Date(start + 3_002_000).toISOString()}","stream":"disconnected"}\n`);
    expect(short(open({ last: 1 }).read())).toEqual(["a3001", "disconnected"]);
    expect(countSpool(a)).toEqual({
      records: 3_002,
      errors: 30,
      lastRecordAt: new Date(start + 3_001_000).toISOString(),
    });
  });

  it("filters by time, severity and text; leaves out who came and went, and lines that are none", () => {
    const { stream, open } = world();
    stream("node:a").add(
      line(0, "old error", 17),
      `{"timestamp":"${new Date(start + 1_000).toISOString()}","stream":"connected","service":"a","platform":"node"}\n`,
      '{"torn\n',
      "\n",
      line(2, "new", 9),
      line(3, "new error", 17),
      line(4, "fatal", 21),
    );
    expect(open().read()).toEqual(["old error", "connected", "new", "new error", "fatal"]);
    expect(open({ sinceMs: start + 2_000 }).read()).toEqual(["new", "new error", "fatal"]);
    expect(open({ minSeverity: 17 }).read()).toEqual(["old error", "new error", "fatal"]);
    expect(open({ matches: ({ body }) => String(body).includes("new") }).read()).toEqual(["new", "new error"]);
  });

  it("keeps characters whole where a block ends in them", () => {
    const { stream } = world();
    const a = stream("node:a");
    const bodies = Array.from({ length: 3_000 }, (_, index) => `${"é日😀".repeat(20)}${index}`);
    a.add(...bodies.map((body, index) => line(index, body)));
    const reader = createSpoolReader(a);
    onTestFinished(reader.close);
    expect([...reader.lines()].map((text) => JSON.parse(text).body)).toEqual(bodies);
  });
});
