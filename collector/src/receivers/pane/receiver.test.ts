import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Batch } from "@chriscode/devmux-telemetry-protocol";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { accepted, type Consumer, retryable, type Verdict } from "../../component/index.ts";
import { testSettings } from "../../testing/doubles.ts";
import { testHost } from "../../testing/host.ts";
import { paneReceiverFactory } from "./factory.ts";
import { type PaneSource, paneStem, panesDirectory, segmentPrefix, writePaneSource } from "./registry.ts";

const stem = paneStem("test", "api");

interface Seen {
  readonly body: unknown;
  readonly severity: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

function world() {
  const stateDir = mkdtempSync(join(tmpdir(), "devmux-pane-"));
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
  let run = 1_700_000_000_000;
  const write = (text: string | Buffer, segment = 0) =>
    appendFileSync(`${segmentPrefix(stateDir, stem, run)}${segment}.log`, text);
  return {
    stateDir,
    write,
    segment: (segment: number) => `${segmentPrefix(stateDir, stem, run)}${segment}.log`,
    files: () => readdirSync(panesDirectory(stateDir)).filter((name) => name.endsWith(".log")),
    watch(source: Partial<PaneSource> = {}) {
      run = source.run ?? run;
      const sets = ["node", "python", "fatal", "levels"] as const;
      writePaneSource(stateDir, stem, { service: "api", run, active: true, sets, patterns: [], ...source });
    },
  };
}

async function start(stateDir: string, { verdicts = [] as Verdict[], config = {} } = {}) {
  const seen: Seen[] = [];
  const streams: string[] = [];
  const next: Consumer = {
    async consume(batch: Batch) {
      const verdict = verdicts.shift() ?? accepted;
      if (verdict.kind === "accepted" && batch.signal === "logs")
        for (const record of batch.records()) {
          const attributes = record.attributes();
          streams.push(String(record.resource.attribute("devmux.stream.name")));
          seen.push({ body: record.body, severity: record.severityText, attributes });
        }
      return verdict;
    },
  };
  const settings = testSettings("pane");
  const options = paneReceiverFactory.config.parse({ flush_after: "50ms", ...config });
  const receiver = paneReceiverFactory.create(settings, options, { logs: next });
  const open = new Set<string>();
  const host = testHost(stateDir);
  const { streams: hostStreams } = host;
  await receiver.start?.({
    ...host,
    streams: {
      ...hostStreams,
      opened: ({ name }) => {
        open.add(name);
        return () => open.delete(name);
      },
    },
  });
  const stop = async () => receiver.shutdown?.(new AbortController().signal);
  onTestFinished(stop);
  const bodies = () => seen.map(({ body }) => body);
  return { seen, bodies, streams, settings, open, stop };
}

const eventually = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: 10_000, interval: 10 });

describe("the pane receiver", () => {
  it("makes records of the service's stream of what is printed, before it started and after", async () => {
    const { stateDir, write, watch } = world();
    watch();
    write("listening on 3000\r\n");
    const { seen, streams, bodies, open } = await start(stateDir);
    await eventually(() => expect(bodies()).toEqual(["listening on 3000"]));
    write("\x1b[31mTypeError: card is undefined\x1b[39m\r\n    at pay (/app/pay.js:3:11)\r\n");
    await eventually(() => expect(bodies()).toHaveLength(2));
    expect(seen[1]).toEqual({
      body: "TypeError: card is undefined",
      severity: "error",
      attributes: {
        "log.record.uid": expect.any(String),
        "devmux.pattern": "node-error",
        "devmux.exception.mechanism": "pane",
        "exception.type": "TypeError",
        "exception.message": "card is undefined",
        "exception.stacktrace": "TypeError: card is undefined\n    at pay (/app/pay.js:3:11)",
      },
    });
    expect(new Set(streams)).toEqual(new Set(["node:api"]));
    expect([...open]).toEqual(["node:api"]);
  });

  it("joins a stack that comes in pieces, torn inside a character", async () => {
    const { stateDir, write, watch } = world();
    watch();
    const { seen, bodies } = await start(stateDir, { config: { flush_after: "2s" } });
    const bytes = Buffer.from("Error: größer\n    at f (/a.js:1:2)\n    at g (/a.js:2:2)\nnext\nlast\n");
    for (const byte of bytes) write(Buffer.of(byte));
    await eventually(() => expect(bodies()).toContain("next"));
    expect(bodies()).toEqual(["Error: größer", "next"]);
    expect(seen[0]!.attributes["exception.stacktrace"]).toBe(
      "Error: größer\n    at f (/a.js:1:2)\n    at g (/a.js:2:2)",
    );
  });

  it("uses the user's own patterns before its own", async () => {
    const { stateDir, write, watch } = world();
    watch({ patterns: [{ name: "slow-query", regex: "slow query: \\d+ms", severity: "warning" }] });
    const { seen, bodies } = await start(stateDir);
    write("Error: slow query: 912ms\n");
    await eventually(() => expect(bodies()).toHaveLength(1));
    expect([seen[0]!.severity, seen[0]!.attributes["devmux.pattern"]]).toEqual(["warn", "slow-query"]);
  });

  it("goes on where it was after a restart, with the same uid for what was not taken", async () => {
    const { stateDir, write, watch } = world();
    watch();
    write("one\ntwo\n");
    const first = await start(stateDir, { config: { flush_after: "10ms" } });
    await eventually(() => expect(first.bodies()).toEqual(["one", "two"]));
    await first.stop();
    write("three\n");
    const refusing = await start(stateDir, { verdicts: [retryable("no room", 60_000)] });
    await eventually(() => expect(refusing.bodies()).toEqual([]));
    await refusing.stop();
    const last = await start(stateDir);
    await eventually(() => expect(last.bodies()).toEqual(["three"]));
    const uids = [...first.seen, ...last.seen].map(({ attributes }) => attributes["log.record.uid"]);
    expect(new Set(uids).size).toBe(3);
    const again = world();
    again.watch();
    again.write("one\ntwo\nthree\n");
    const fresh = await start(again.stateDir);
    await eventually(() => expect(fresh.seen.map(({ attributes }) => attributes["log.record.uid"])).toEqual(uids));
  });

  it("hands on the same batch again until there is room, and reads nothing meanwhile", async () => {
    const { stateDir, write, watch } = world();
    watch();
    write("one\ntwo\n");
    const full = retryable("no room", 1);
    const { bodies } = await start(stateDir, { verdicts: [full, full, full] });
    await eventually(() => expect(bodies()).toEqual(["one", "two"]));
  });

  it("follows the segments, deletes those that are done, and counts what it has missed", async () => {
    const { stateDir, write, watch, files } = world();
    watch();
    write("a\nthis line is in t");
    write("wo segments\nb\n", 1);
    const { bodies, settings } = await start(stateDir);
    await eventually(() => expect(bodies()).toEqual(["a", "this line is in two segments", "b"]));
    await eventually(() => expect(files()).toHaveLength(1));
    write("c\n", 4);
    await eventually(() => expect(bodies()).toContain("c"));
    expect(settings.counters.get("segments_missed")).toBe(2);
  });

  it("goes on at the beginning of a file that was truncated or replaced, and gives nothing twice or an old uid", async () => {
    const { stateDir, write, watch, segment } = world();
    watch();
    write("before the cut\n");
    const { seen, bodies, settings } = await start(stateDir);
    await eventually(() => expect(bodies()).toEqual(["before the cut"]));
    truncateSync(segment(0), 0);
    write("cut\n");
    await eventually(() => expect(bodies()).toEqual(["before the cut", "cut"]));
    renameSync(segment(0), `${segment(0)}.aside`);
    writeFileSync(segment(0), "new file\n");
    await eventually(() => expect(bodies()).toContain("new file"));
    expect(settings.counters.get("truncated")).toBe(1);
    expect(new Set(seen.map(({ attributes }) => attributes["log.record.uid"])).size).toBe(3);
  });

  it("reads a pipe that was closed to its end, closes the stream and forgets the files; a new pipe is read from its beginning", async () => {
    const { stateDir, write, watch, files } = world();
    watch();
    const { bodies, open } = await start(stateDir);
    write("Error: last words");
    watch({ active: false });
    await eventually(() => expect(bodies()).toEqual(["Error: last words"]));
    await eventually(() => expect(open.size).toBe(0));
    await eventually(() => expect(readdirSync(panesDirectory(stateDir))).not.toContain(`${stem}.json`));
    watch({ run: 1_700_000_000_001 });
    write("again\n");
    await eventually(() => expect(bodies()).toEqual(["Error: last words", "again"]));
    expect(files().every((name) => name.includes("1700000000001"))).toBe(true);
  });

  it("says that a service ended by itself, once, and not where it was ended or has said why", async () => {
    const { stateDir, write, watch } = world();
    watch();
    const { seen } = await start(stateDir);
    for (const line of ["ok", "[devmux] api exited with code 3", "[devmux] api exited with code 130"])
      write(`${line}\n`);
    await eventually(() => expect(seen).toHaveLength(3));
    write("Error: why\n[devmux] api exited with code 1\n");
    await eventually(() => expect(seen).toHaveLength(5));
    expect(seen.map(({ severity }) => severity)).toEqual(["info", "error", "info", "error", "info"]);
    expect(seen[1]!.attributes["devmux.pattern"]).toBe("service-exit");
  });

  it("shows of a progress bar its end, and hides no error that was drawn over", async () => {
    const { stateDir, write, watch } = world();
    watch();
    const { bodies } = await start(stateDir);
    write("10%\r20%\rError: disk is full\rdone 100%\r\n");
    await eventually(() => expect(bodies()).toEqual(["Error: disk is full", "done 100%"]));
  });

  it("cuts a line without an end, holds little of it, and goes on behind it", async () => {
    const { stateDir, write, watch } = world();
    watch();
    const { bodies } = await start(stateDir);
    for (let part = 0; part < 8; part++) write("x".repeat(256 * 1024));
    write("\nnext\n");
    await eventually(() => expect(bodies()).toHaveLength(2));
    expect(bodies()[1]).toBe("next");
    expect(String(bodies()[0])).toMatch(/^x{8192}…\(\+\d+\)$/);
  });

  it("refuses more sources than it may have, and counts them", async () => {
    const { stateDir, watch } = world();
    watch();
    writePaneSource(stateDir, paneStem("test", "web"), {
      service: "web",
      run: 1,
      active: true,
      sets: [],
      patterns: [],
    });
    const { settings, open } = await start(stateDir, { config: { max_sources: 1 } });
    expect([open.size, settings.counters.get("sources_refused")]).toEqual([1, 1]);
  });

  it("ignores files that are no sources", async () => {
    const { stateDir } = world();
    writePaneSource(stateDir, stem, { service: "api", run: 1, active: true, sets: [], patterns: [] });
    writeFileSync(join(panesDirectory(stateDir), `${stem}.json`), "{ half");
    writeFileSync(join(panesDirectory(stateDir), "..json"), "{}");
    const { open } = await start(stateDir);
    expect(open.size).toBe(0);
    expect(existsSync(panesDirectory(stateDir))).toBe(true);
    expect(readFileSync(join(panesDirectory(stateDir), `${stem}.json`), "utf8")).toBe("{ half");
  });
});
