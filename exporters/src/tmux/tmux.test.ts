import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Logs } from "@chriscode/devmux-telemetry-protocol";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../test/directory.ts";
import { never, startExporter } from "../../test/host.ts";
import { eventually, type PrivateTmux, privateTmux } from "../../test/private-tmux.ts";
import { batchOf, noon, numbered } from "../../test/records.ts";
import { canMount, smallDisk } from "../../test/small-disk.ts";
import { placeOf } from "../spool/place.ts";
import { listStoredStreams } from "../spool/stored.ts";
import { parseStoredLine } from "../spool/stored-record.ts";
import { factory } from "./factory.ts";
import { listAttached, locate, prepareAttach } from "./locate.ts";
import { createTmuxExporter } from "./tmux.ts";

const stream = "browser:localhost-3000";

async function start(
  tmux: PrivateTmux,
  { stateDir = temporaryDirectory(), config = {}, environment = tmux.environment } = {},
) {
  const running = await startExporter(
    { ...factory, create: (settings, parsed) => createTmuxExporter(settings, parsed, environment) },
    config,
    stateDir,
  );
  return {
    ...running,
    running,
    stateDir,
    send: (batch: Logs) => running.exporter.export(batch, never),
    /** What the pane shows, as it is in its file. */
    view: (name = stream) => readFileSync(locate(name, { stateDir }).viewPath, "utf8"),
    /** The bodies of the records that are stored. */
    stored: (name = stream) =>
      readFileSync(locate(name, { stateDir }).spoolPath, "utf8")
        .split("\n")
        .map(parseStoredLine)
        .flatMap((line) => (line?.kind === "record" ? [line.body] : [])),
  };
}

const recordsOf = (text: string) => text.split("\n").filter((line) => line !== "" && !line.includes("──"));
const sessionName = (stateDir: string, name = stream) => locate(name, { stateDir }).sessionName;

describe("the tmux exporter", () => {
  it("shows a stream's records in a session of their own", async () => {
    const tmux = privateTmux();
    const { send, stateDir, view } = await start(tmux, { config: { color: "never" } });
    const error = {
      severityNumber: 17,
      body: "TypeError: boom",
      attributes: {
        "exception.type": "TypeError",
        "exception.message": "boom",
        "exception.stacktrace": "TypeError: boom\n    at pay (app.ts:10:5)",
        "code.file.path": "src/app.ts",
        "code.line.number": 10,
      },
    };
    expect(await send(batchOf(stream, [{ body: "hello" }, error]))).toEqual({ kind: "accepted" });
    const expected = [
      "12:34:56.789 INFO  hello",
      "12:34:56.789 ERROR src/app.ts:10 TypeError: boom",
      "    at pay (app.ts:10:5)",
    ];
    expect(recordsOf(view())).toEqual(expected);
    const shown = await eventually(() => {
      const pane = tmux.pane(`=${sessionName(stateDir)}:`);
      expect(pane).toContain("at pay");
      return pane;
    });
    expect(recordsOf(shown).map((line) => line.trimEnd())).toEqual(expected);
    expect(tmux.sessions()).toEqual([`$0 ${sessionName(stateDir)}`]);
  });

  it("has colors in the pane, and none with NO_COLOR", async () => {
    const tmux = privateTmux();
    const { send, view } = await start(tmux);
    await send(batchOf(stream, [{ body: "x" }]));
    expect(view()).toContain("\x1b[32mINFO \x1b[0m");
    const without = await start(tmux, { environment: { ...tmux.environment, NO_COLOR: "1" } });
    await without.send(batchOf(stream, [{ body: "\x1b[31mx" }]));
    expect(without.view()).not.toContain("\x1b");
  });

  it("makes one session for each stream, and one only", async () => {
    const tmux = privateTmux();
    const { send, stateDir } = await start(tmux);
    const streams = ["browser:localhost-3000", "expo:shop-ios", "node:cli"];
    for (let round = 0; round < 5; round++)
      await Promise.all(streams.map((name) => send(batchOf(name, [{ body: "x" }]))));
    await eventually(() => expect(tmux.sessions()).toHaveLength(3));
    expect(tmux.sessions().map((line) => line.split(" ")[1])).toEqual(
      expect.arrayContaining(streams.map((name) => sessionName(stateDir, name))),
    );
    expect(await listAttached([...streams, "node:other"], { stateDir, environment: tmux.environment })).toEqual(
      streams,
    );
  });

  it("opens a stream's session when its client connects, and says who came and went", async () => {
    const tmux = privateTmux();
    const { running, stateDir, view } = await start(tmux, { config: { color: "never" } });
    const identity = { name: stream, service: "shop\x1b]0;x\x07\nforged", platform: "browser" };
    running.change({ kind: "opened", stream: identity, at: noon });
    running.change({ kind: "closed", stream: identity, at: noon + 1000 });
    const lines = view().split("\n");
    expect(lines[0]).toMatch(/^── \d{4}-\d\d-\d\d ──$/);
    expect(lines.slice(1)).toEqual([
      "── 12:34:56 connected: browser:localhost-3000 (shop\\x1b]0;x\\x07 forged, browser) ──",
      "── 12:34:57 disconnected: browser:localhost-3000 (shop\\x1b]0;x\\x07 forged, browser) ──",
      "",
    ]);
    await eventually(() => expect(tmux.pane(`=${sessionName(stateDir)}:`)).toContain("disconnected"));
  });

  it("brings its sessions back when the tmux server was killed", async () => {
    const tmux = privateTmux();
    const { send, stateDir, settings } = await start(tmux);
    await send(numbered(stream, 3));
    await eventually(() => expect(tmux.pane(`=${sessionName(stateDir)}:`)).toContain("client-2"));
    process.kill(tmux.pid, "SIGKILL");
    let next = 3;
    await eventually(async () => {
      expect(await send(numbered(stream, 1, { from: next++ }))).toEqual({ kind: "accepted" });
      const pane = tmux.pane(`=${sessionName(stateDir)}:`);
      expect(pane).toContain("client-0");
      expect(pane).toMatch(/client-[3-9]/);
    });
    expect(settings.states.filter(({ state }) => state !== "ok")).toEqual([]);
  });

  it("revives a pane in which someone pressed Ctrl-C", async () => {
    const tmux = privateTmux();
    const { send, stateDir } = await start(tmux);
    await send(numbered(stream, 1));
    const target = `=${sessionName(stateDir)}:`;
    await eventually(() => expect(tmux.pane(target)).toContain("client-0"));
    tmux.run("send-keys", "-t", target, "C-c");
    await eventually(() => expect(tmux.run("list-panes", "-t", target, "-F", "#{pane_dead}").trim()).toBe("1"));
    // Records go on coming, so that it is looked after; that the pane already shows the newest is asked of no machine.
    let next = 1;
    await eventually(async () => {
      await send(numbered(stream, 1, { from: next++ }));
      expect(tmux.pane(target)).toMatch(/client-[1-9]/);
    });
    expect(tmux.sessions()).toHaveLength(1);
  });

  it("takes over its session after a restart of the collector", async () => {
    const tmux = privateTmux();
    const stateDir = temporaryDirectory();
    const first = await start(tmux, { stateDir });
    await first.send(numbered(stream, 2));
    await eventually(() => expect(tmux.pane(`=${sessionName(stateDir)}:`)).toContain("client-1"));
    await first.exporter.shutdown?.(never);
    expect(tmux.sessions()).toHaveLength(1);
    const second = await start(tmux, { stateDir });
    await second.send(numbered(stream, 2, { from: 2 }));
    await eventually(() => expect(tmux.pane(`=${sessionName(stateDir)}:`)).toContain("client-3"));
    expect(tmux.sessions()).toEqual([`$0 ${sessionName(stateDir)}`]);
  });

  it("never touches a session of the user's that has the same name, or one that begins with it", async () => {
    const tmux = privateTmux();
    const stateDir = temporaryDirectory();
    const name = sessionName(stateDir);
    tmux.run("new-session", "-d", "-s", name, "cat");
    tmux.run("new-session", "-d", "-s", `${name}-mine`, "cat");
    const { send } = await start(tmux, { stateDir });
    await send(numbered(stream, 1));
    await eventually(() => expect(tmux.pane(`=${name}-2:`)).toContain("client-0"));
    expect(tmux.pane(`=${name}:`).trim()).toBe("");
    expect(tmux.pane(`=${name}-mine:`).trim()).toBe("");
    expect(tmux.sessions().map((line) => line.split(" ")[1])).toEqual([name, `${name}-2`, `${name}-mine`]);
    const attach = await prepareAttach(stream, { stateDir, environment: tmux.environment });
    expect(attach).toMatchObject({
      ok: true,
      args: ["-L", tmux.socketName, "attach-session", "-t", expect.stringMatching(/^\$2:@\d+$/)],
    });
  });

  it("two collectors end up with one session", async () => {
    const tmux = privateTmux();
    const stateDir = temporaryDirectory();
    const both = await Promise.all([start(tmux, { stateDir }), start(tmux, { stateDir })]);
    await Promise.all(both.map(({ send }, index) => send(numbered(stream, 1, { prefix: `process${index}` }))));
    await eventually(() => {
      expect(tmux.pane(`=${sessionName(stateDir)}:`)).toContain("process0");
      expect(tmux.pane(`=${sessionName(stateDir)}:`)).toContain("process1");
    });
    await Promise.all(both.map(({ exporter }) => exporter.shutdown?.(never)));
    expect(tmux.sessions()).toHaveLength(1);
  });

  it("says once that tmux is missing and how to install it, and goes on", async () => {
    const tmux = privateTmux();
    const { send, settings, stored } = await start(tmux, { environment: { ...tmux.environment, PATH: "/nowhere" } });
    // Known when the collector is ready, not only when the first record comes.
    expect(settings.states).toHaveLength(1);
    await send(numbered(stream, 1));
    expect(settings.states[0]).toMatchObject({ state: "degraded" });
    expect(settings.states[0]?.message).toMatch(/^tmux is not installed, .*install tmux/);
    expect(await send(numbered(stream, 1, { from: 1 }))).toEqual({ kind: "accepted" });
    expect(stored()).toHaveLength(2);
    expect(settings.states).toHaveLength(1);
  });

  it("waits for no tmux that has stopped", async () => {
    const tmux = privateTmux();
    const { send, stored, stateDir } = await start(tmux);
    await send(numbered(stream, 1));
    await eventually(() => expect(tmux.pane(`=${sessionName(stateDir)}:`)).toContain("client-0"));
    const { pid } = tmux;
    process.kill(pid, "SIGSTOP");
    try {
      const before = performance.now();
      for (let batch = 1; batch <= 50; batch++) await send(numbered(`node:s${batch}`, 10));
      expect(performance.now() - before).toBeLessThan(1_000);
      expect(stored("node:s50")).toHaveLength(10);
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });

  it("shares one stream among those that are too many", async () => {
    const tmux = privateTmux();
    const { send, stateDir, stored, view } = await start(tmux, { config: { max_streams: 3 } });
    for (let index = 0; index < 20; index++) await send(batchOf(`otlp:s${index}`, [{ body: `from ${index}` }]));
    const names = listStoredStreams({ stateDir }).map(({ stream: name }) => name);
    expect(names.sort()).toEqual(["other", "otlp:s0", "otlp:s1", "otlp:s2"]);
    expect(stored("other")).toHaveLength(17);
    // Whose record each is cannot be seen from the stream any more.
    expect(recordsOf(view("other"))[0]).toContain(" otlp:s3 from 3");
  });

  it("keeps as many old streams on disk as it may have, and leaves other files alone", async () => {
    const tmux = privateTmux();
    const stateDir = temporaryDirectory();
    const first = await start(tmux, { stateDir });
    for (let index = 0; index < 5; index++) await first.send(numbered(`otlp:s${index}`, 1));
    await first.exporter.shutdown?.(never);
    const mine = join(dirname(locate(stream, { stateDir }).spoolPath), "notes.log");
    writeFileSync(mine, "mine");
    await start(tmux, { stateDir, config: { max_streams: 2 } });
    expect(listStoredStreams({ stateDir })).toHaveLength(2);
    expect(existsSync(mine)).toBe(true);
  });

  it("writes a record that comes again only once, also after a restart, and one without an id always", async () => {
    const tmux = privateTmux();
    const stateDir = temporaryDirectory();
    const first = await start(tmux, { stateDir });
    await first.send(numbered(stream, 10));
    await first.send(numbered(stream, 5, { from: 5 }));
    await first.exporter.shutdown?.(never);
    const second = await start(tmux, { stateDir });
    await second.send(numbered(stream, 8, { from: 5 }));
    await second.send(batchOf(stream, [{ body: "same" }, { body: "same" }]));
    expect(second.stored()).toEqual([...Array.from({ length: 13 }, (_, index) => `client-${index}`), "same", "same"]);
    expect(first.settings.counters.get("duplicates_suppressed")).toBe(5);
    expect(second.settings.counters.get("duplicates_suppressed")).toBe(5);
  });

  it("loses the records of a stream whose file is unusable, counted, and no other's", async () => {
    const tmux = privateTmux();
    const { send, settings, stateDir, stored } = await start(tmux);
    mkdirSync(placeOf("node:bad", { stateDir }).spoolPath, { recursive: true });
    const builder = batchOf("node:bad", [{ body: "a" }, { body: "b" }]);
    expect(await send(builder)).toMatchObject({
      kind: "accepted",
      refused: 2,
      reason: expect.stringContaining("directory"),
    });
    expect(await send(numbered(stream, 1))).toEqual({ kind: "accepted" });
    expect(stored()).toHaveLength(1);
    expect(settings.states.at(-1)).toMatchObject({ state: "degraded" });
    rmSync(placeOf("node:bad", { stateDir }).spoolPath, { recursive: true });
    await send(batchOf("node:bad", [{ body: "c" }]));
    expect(settings.states.at(-1)).toMatchObject({ state: "ok" });
  });

  it.runIf(canMount)(
    "waits for room on a full disk, says so once, and then writes every record once and whole",
    async () => {
      const tmux = privateTmux();
      const disk = smallDisk(1024 * 1024);
      const { send, settings, stored } = await start(tmux, { stateDir: disk.directory, config: { color: "never" } });
      await send(numbered(stream, 1, { prefix: "before" }));
      disk.fill();
      // Some have an id and some do not; the same batch comes again, as the sending queue does it.
      const records = Array.from({ length: 3_000 }, (_, index) => ({
        body: `item ${index}`,
        attributes: index % 2 === 0 ? { "log.record.uid": `u-${index}` } : {},
      }));
      const batch = batchOf(stream, records);
      const verdict = await send(batch);
      expect(verdict).toMatchObject({ kind: "retryable", retryAfterMs: 1_000 });
      expect(await send(batch)).toMatchObject({
        kind: "retryable",
        reason: expect.stringMatching(/disk is (?:probably )?full/),
      });
      expect(await send(batch)).toMatchObject({ kind: "retryable" });
      expect(new Set(settings.states.map(({ message }) => message)).size).toBe(settings.states.length);
      disk.free();
      expect(await send(batch)).toEqual({ kind: "accepted" });
      expect(settings.states.at(-1)).toMatchObject({ state: "ok" });
      const whole = stored().filter((body) => /^item \d+$/.test(String(body)));
      expect(new Set(whole).size).toBe(3_000);
      expect(whole.length - new Set(whole).size).toBe(0);
    },
  );

  it("refuses traces, and is safe to shut down twice and without a start", async () => {
    const tmux = privateTmux();
    const { exporter } = await start(tmux);
    const traces = { signal: "traces", itemCount: 1, byteLength: 1, encode: () => new Uint8Array() } as never;
    expect(await exporter.export(traces, never)).toMatchObject({ kind: "rejected" });
    await exporter.shutdown?.(never);
    await exporter.shutdown?.(never);
    expect(await exporter.export(numbered(stream, 1), never)).toMatchObject({ kind: "retryable" });
  });
});

describe("attaching", () => {
  it("makes the session where it is gone, and knows when it is inside the same server", async () => {
    const tmux = privateTmux();
    const { send, stateDir } = await start(tmux);
    await send(numbered(stream, 1));
    await eventually(() => expect(tmux.sessions()).toHaveLength(1));
    tmux.run("new-session", "-d", "-s", "mine", "cat");
    tmux.run("kill-session", "-t", `=${sessionName(stateDir)}`);
    const outside = await prepareAttach(stream, {
      stateDir,
      environment: { ...tmux.environment, TMUX: "/elsewhere,1,0" },
    });
    expect(outside).toMatchObject({
      ok: true,
      command: "tmux",
      args: ["-L", tmux.socketName, "attach-session", "-t", expect.stringMatching(/^\$2:@\d+$/)],
    });
    expect(outside.ok && "TMUX" in outside.environment).toBe(false);
    await eventually(() => expect(tmux.pane(`=${sessionName(stateDir)}:`)).toContain("client-0"));
    const TMUX = `${tmux.run("display-message", "-p", "#{socket_path}").trim()},1,0`;
    const inside = await prepareAttach(stream, { stateDir, environment: { ...tmux.environment, TMUX } });
    expect(inside).toMatchObject({ ok: true, args: ["switch-client", "-t", expect.stringMatching(/^\$2:@\d+$/)] });
  });

  it("says how tmux is installed", async () => {
    const answer = await prepareAttach(stream, { stateDir: temporaryDirectory(), environment: { PATH: "/nowhere" } });
    expect(answer).toMatchObject({
      ok: false,
      cause: "missing",
      message: expect.stringMatching(/not installed; install it with: /),
    });
  });

  it("lists what is stored, the newest first", async () => {
    const tmux = privateTmux();
    const { send, stateDir } = await start(tmux);
    expect(listStoredStreams({ stateDir })).toEqual([]);
    await send(numbered("node:a", 1));
    await send(numbered("node:b", 1));
    const listed = listStoredStreams({ stateDir });
    expect(listed.map(({ stream: name }) => name).sort()).toEqual(["node:a", "node:b"]);
    expect(listed[0]!.modifiedAt).toBeGreaterThanOrEqual(listed[1]!.modifiedAt);
    expect(listed[0]!.sizeBytes).toBe(statSync(listed[0]!.spoolPath).size);
  });
});
