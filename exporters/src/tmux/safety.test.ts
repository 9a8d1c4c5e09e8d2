import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../test/directory.ts";
import { never, startExporter } from "../../test/host.ts";
import { hostileNames, hostileTexts } from "../../test/hostile-text.ts";
import { eventually, privateTmux } from "../../test/private-tmux.ts";
import { batchOf } from "../../test/records.ts";
import { placeOf } from "../spool/place.ts";
import { listStoredStreams } from "../spool/stored.ts";
import { factory } from "./factory.ts";
import { locate } from "./locate.ts";
import { createTmuxExporter } from "./tmux.ts";

const stream = "browser:localhost-3000";
/** What a user may have switched on. */
const carelessConfig = [
  "set -g set-clipboard on",
  "set -g allow-passthrough on",
  "set -g allow-rename on",
  "set -g exit-empty off",
];

async function start(userConfig: string, stateDir: string) {
  const tmux = privateTmux(userConfig);
  const create: typeof factory.create = (settings, config) => createTmuxExporter(settings, config, tmux.environment);
  return { tmux, ...(await startExporter({ ...factory, create }, { initial_lines: 10_000 }, stateDir)) };
}

const sgr = /\x1b\[[0-9;:]{0,29}m/g;

describe.each([
  ["the default configuration of tmux", ""],
  ["clipboard, passthrough and renaming switched on", carelessConfig.join("\n")],
])("text from outside, with %s", (_, userConfig) => {
  it("is shown and does nothing", async () => {
    const stateDir = temporaryDirectory();
    const { tmux, exporter } = await start(userConfig, stateDir);
    const records = hostileTexts.map((body, index) => ({
      body: `#${index}# ${body}`,
      severityText: body,
      attributes: {
        "code.file.path": `http://localhost/${body}.ts`,
        "exception.type": body,
        "exception.message": body,
        "exception.stacktrace": `at ${body}\nat f (a.ts:1:1)`,
      },
    }));
    await exporter.export(batchOf(stream, [...records, { body: "the end" }]), never);
    const { sessionName, spoolPath, viewPath } = locate(stream, { stateDir });

    const written = readFileSync(spoolPath, "utf8") + readFileSync(viewPath, "utf8").replace(sgr, "");
    expect(written).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\u200b\u{e0000}-\u{e0fff}]/u);

    const target = `=${sessionName}:`;
    const shown = await eventually(() => {
      const pane = tmux.pane(target, "-e");
      expect(pane).toContain("the end");
      return pane;
    });
    expect(shown.replace(sgr, "")).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    // Every record is there, in order, each on a line of its own, and no line of theirs looks like one.
    const lines = shown.replace(sgr, "").split("\n");
    const heads = lines.filter((line) => /^\d\d:\d\d:\d\d\.\d{3} /.test(line));
    expect(heads).toHaveLength(records.length + 1);
    expect(heads.slice(0, -1).map((line) => Number(/#(\d+)#/.exec(line)?.[1]))).toEqual(
      records.map((_record, index) => index),
    );

    expect(tmux.run("list-buffers")).toBe("");
    expect(
      tmux.run("list-panes", "-t", target, "-F", "#{window_name} #{pane_in_mode} #{alternate_on} #{cursor_flag}"),
    ).toBe("log 0 0 1\n");
    expect(tmux.run("display-message", "-p", "-t", target, "#{pane_title}")).not.toContain("owned");
  });
});

describe("a stream's name", () => {
  it("runs nothing and leads nowhere, whatever it is", async () => {
    const stateDir = temporaryDirectory();
    const marker = join(stateDir, "it-ran");
    const { tmux, exporter, change } = await start("", stateDir);
    const names = hostileNames(marker);
    for (const name of names) {
      const builder = new LogsBuilder({ "devmux.stream.name": name, "service.name": name });
      builder.add({ body: `from ${name.slice(0, 20)}` });
      expect(await exporter.export(builder.build(), never)).toEqual({ kind: "accepted" });
      change({ kind: "opened", stream: { name, service: name, platform: name }, at: 0 });
    }
    const streams = listStoredStreams({ stateDir });
    // Some forty and eighty of them: a busy machine starts five a second.
    await eventually(() => expect(tmux.sessions()).toHaveLength(streams.length), 60_000);
    for (const line of tmux.sessions()) expect(line).toMatch(/^\$\d+ [a-z][a-z0-9_-]{0,40}-[0-9a-f]{12}$/);
    expect(readdirSync(stateDir)).toEqual(["streams"]);
    for (const file of readdirSync(join(stateDir, "streams")))
      expect(file).toMatch(/^[a-z0-9_-]+-[0-9a-f]{12}\.(?:jsonl|log|stream|ledger)$/);
    expect(existsSync(marker)).toBe(false);
  });
});

describe("what tmux is told", () => {
  it("is our own words, names, ids and paths, and not a byte from outside", async () => {
    const stateDir = temporaryDirectory();
    const tmux = privateTmux();
    const bin = temporaryDirectory();
    const told = join(bin, "told");
    const real = execFileSync("sh", ["-c", "command -v tmux"], { encoding: "utf8" }).trim();
    const spy = `#!/bin/sh\nprintf '%s\\n' "$@" >> '${told}'\nexec '${real}' "$@"\n`;
    writeFileSync(join(bin, "tmux"), spy, { mode: 0o755 });
    const environment = { ...tmux.environment, PATH: `${bin}:${process.env.PATH}` };
    const create: typeof factory.create = (settings, config) => createTmuxExporter(settings, config, environment);
    const { exporter, change } = await startExporter({ ...factory, create }, {}, stateDir);
    for (const [index, name] of [...hostileNames("/nowhere/marker"), ...hostileTexts.slice(0, 20)].entries()) {
      await exporter.export(
        batchOf(name, [{ body: hostileTexts[index]!, severityText: name }], { "service.name": name }),
        never,
      );
      change({ kind: "opened", stream: { name, service: name, platform: name }, at: 0 });
    }
    const streams = listStoredStreams({ stateDir });
    // Some forty and eighty of them: a busy machine starts five a second.
    await eventually(() => expect(tmux.sessions()).toHaveLength(streams.length), 60_000);
    const words = new Set(readFileSync(told, "utf8").split("\n"));
    const ours = [
      /^(?:-[A-Za-z]|--|;|\d+|on|off|log|sh|sleep|devmux|)$/,
      /^(?:new-session|new-window|rename-window|set-option|list-panes|respawn-pane|display-message|@devmux_stream|@devmux_home)$/,
      /^(?:history-limit|remain-on-exit|allow-rename|automatic-rename|destroy-unattached)$/,
      /^=?[a-z][a-z0-9_-]{0,40}-[0-9a-f]{12}(?::\^?|:=devmux-[0-9a-f]{12})?$/,
      /^[0-9a-f]{12}$/,
      /^(?:#\{(?:session_id|window_id|pane_id|pane_dead|@devmux_stream|@devmux_home|session_name)\} ?)+$/,
      // The lines of the pane's own script, of which nothing comes from outside.
      /^(?:stty -echo 2>\/dev\/null|if \[ -f "\$3" \]; then| {2}have=.*| {2}\[ "\$have" -ge "\$1" \] .*|fi|exec tail -q -n "\$1" -F "\$2" 2>\/dev\/null)$/,
    ];
    const paths = new Set(
      streams.flatMap(({ stream: name }) => {
        const { viewPath, olderViewPath } = placeOf(name, { stateDir });
        return [viewPath, olderViewPath];
      }),
    );
    const foreign = [...words].filter(
      (word) => !paths.has(word) && word !== tmux.socketName && !ours.some((own) => own.test(word)),
    );
    expect(foreign).toEqual([]);
  });
});

describe("files that are full", () => {
  it("goes on in the pane after it was renamed, and nothing is lost on disk", async () => {
    const stateDir = temporaryDirectory();
    const tmux = privateTmux();
    const create: typeof factory.create = (settings, config) => createTmuxExporter(settings, config, tmux.environment);
    const { exporter } = await startExporter(
      { ...factory, create },
      { max_spool_size: "64KiB", max_view_size: "64KiB", color: "never" },
      stateDir,
    );
    const { sessionName, spoolPath } = locate(stream, { stateDir });
    const send = (from: number) =>
      exporter.export(
        batchOf(
          stream,
          Array.from({ length: 50 }, (_, index) => ({ body: `item ${from + index} ${"x".repeat(100)}` })),
        ),
        never,
      );
    let sent = 0;
    await send(sent);
    sent += 50;
    await eventually(() => expect(tmux.pane(`=${sessionName}:`)).toContain("item 49 "));
    // Three times its size, each part seen before the next is sent: the pane must follow every renaming.
    for (; sent < 1_500; sent += 50) {
      await send(sent);
      await eventually(() => expect(tmux.pane(`=${sessionName}:`)).toContain(`item ${sent + 49} `));
    }
    const stored = readFileSync(`${spoolPath}.1`, "utf8") + readFileSync(spoolPath, "utf8");
    const items = [...stored.matchAll(/item (\d+) /g)].map(([, item]) => Number(item));
    expect(items).toEqual(Array.from({ length: items.length }, (_, index) => 1_500 - items.length + index));
    expect(items.length).toBeGreaterThan(500);
    expect(tmux.pane(`=${sessionName}:`)).not.toContain("tail:");
  });
});
