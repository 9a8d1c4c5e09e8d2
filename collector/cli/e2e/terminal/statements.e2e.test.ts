// The statements on terminals and tmux, through the built collector and a real tmux on a socket of its own. T5 has a test beside
// it (rate.e2e.test.ts), T9 is a table in the exporter (names.test.ts). The long versions: soak.ts.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { locate } from "@chriscode/devmux-telemetry-exporters/tmux";
import { describe, expect, test } from "vitest";
import { hostileNames } from "../../../../exporters/test/hostile-text.ts";
import { connectRaw } from "../raw-client.ts";
import { createWorld, type World } from "../world.ts";
import { corpus } from "./corpus.ts";
import { hostileStream, lookAt, sendTexts } from "./look.ts";

const corpusSize = 500;
const careless = "set -g set-clipboard on\nset -g allow-passthrough on\nset -g allow-rename on\n";

async function said(world: World, service: string, ...bodies: string[]): Promise<void> {
  const client = await connectRaw(world.url, service);
  await client.hello({ "service.name": service }, { kind: "node" });
  for (const body of bodies) client.log(body);
  await client.close();
}

const inPane = (world: World, stream: string, text: string) =>
  world.until(`${text} in the pane`, async () => (await world.pane(stream)).includes(text) || undefined, 20_000);

async function sessionNames(world: World): Promise<string[]> {
  const names = await world.tmux("list-sessions", "-F", "#{session_name}").catch(() => "");
  return names.trim().split("\n").filter(Boolean);
}

describe.each([
  ["T1", "tmux as it comes", ""],
  ["T4", "clipboard, passthrough and renaming switched on by the user", careless],
])("%s: hostile text, with %s", (_statement, _what, config) => {
  test("is printable text, line feeds and colors in pane and spool; title, buffers and window stay what they were", async () => {
    // All of them, also where the pane comes after the texts.
    await using world = await createWorld({ exporters: { tmux: { initial_lines: 10_000 } }, env: { NO_COLOR: "" } });
    await writeFile(join(world.dir, ".tmux.conf"), config);
    await world.start();
    await sendTexts(world, corpus(corpusSize));
    const looked = await lookAt(world);
    expect([looked.obeyed, looked.shownObeyed]).toEqual([[], []]);
    // T8 too: every record is one record, in order, and nothing else looks like one or like a line of ours.
    expect(looked.heads).toEqual(Array.from({ length: corpusSize }, (_, index) => index));
    expect(
      looked.headers.filter(
        (line) => !/^── (?:\d{4}-\d\d-\d\d|[\d:]{8} (?:dis)?connected: node:hostile .*) ──$/.test(line),
      ),
    ).toEqual([]);
    expect([looked.buffers, looked.pane]).toEqual(["", "log 0 0 1\n"]);
    expect(looked.title).not.toContain("owned");
  });
});

test("T2: a hostile name of a stream runs nothing, leads nowhere, and its session has a name of ours", async () => {
  await using world = await createWorld();
  await world.start();
  const marker = join(world.dir, "it-ran");
  const names = hostileNames(marker);
  for (const [index, name] of names.entries()) {
    const client = await connectRaw(world.url, `c${index}`);
    await client.hello(
      { "service.name": name === "" ? "empty" : name },
      { kind: index % 2 === 0 ? "node" : "expo", os: name },
    );
    client.log(`from ${index}`);
    await client.close();
  }
  const { streams } = await world.status();
  const count = streams.length;
  expect(count).toBeGreaterThan(10);
  const sessions = await world.until(
    "a session for each",
    async () => {
      const found = await sessionNames(world);
      return found.length === count ? found : undefined;
    },
    30_000,
  );
  for (const session of sessions) expect(session).toMatch(/^[a-z][a-z0-9_-]{0,40}-[0-9a-f]{12}$/);
  for (const file of readdirSync(join(world.stateDir, "streams")))
    expect(file).toMatch(/^[a-z0-9_][a-z0-9_-]*-[0-9a-f]{12}\.(?:jsonl|log|stream|ledger)$/);
  expect(existsSync(marker)).toBe(false);
});

describe("T3: no byte of a log is an argument of tmux", () => {
  test("seen by a program in tmux's place", async () => {
    await using world = await createWorld();
    const bin = join(world.dir, "bin");
    const told = join(world.dir, "told");
    await mkdir(bin);
    const real = execFileSync("sh", ["-c", "command -v tmux"], { encoding: "utf8" }).trim();
    writeFileSync(join(bin, "tmux"), `#!/bin/sh\nprintf '%s\\n' "$@" >> '${told}'\nexec '${real}' "$@"\n`, {
      mode: 0o755,
    });
    world.env.PATH = `${bin}:${process.env.PATH}`;
    await world.start();
    const secret = "kzqxv";
    await sendTexts(
      world,
      corpus(50).map((text) => `${secret}${text}${secret}`),
    );
    await said(world, `app-${secret}`, secret);
    await inPane(world, hostileStream, "the end");
    await inPane(world, `node:app-${secret}`, secret);
    const words = readFileSync(told, "utf8").split("\n");
    const tainted = words.filter((word) => word.includes(secret));
    // The stream's name itself is in names of ours, cleaned; the text is nowhere.
    const ours =
      /^(?:=?devmux-node-app-kzqxv-[0-9a-f]{12}(?::\^?|:=devmux-[0-9a-f]{12})?|\/.*\/streams\/node-app-kzqxv-[0-9a-f]{12}\.log(?:\.1)?)$/;
    expect(tainted.filter((word) => !ours.test(word))).toEqual([]);
    expect(words.length).toBeGreaterThan(10);
  });

  test("seen in the source: commands that take text or run something are not used", () => {
    const folder = fileURLToPath(new URL("../../../../exporters/src", import.meta.url));
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    );
    expect(sources.length).toBeGreaterThan(50);
    const taking =
      /["'`](?:send-keys|set-buffer|load-buffer|paste-buffer|run-shell|if-shell|pipe-pane|command-prompt|source-file|display-popup|rename-session)["'`]/;
    const shells = /\bshell: true\b|import \{[^}]*\b(?:exec|execSync)\b[^}]*\} from "node:child_process"/;
    const wrong = sources.filter((file) => {
      const source = readFileSync(join(folder, file), "utf8");
      return taking.test(source) || shells.test(source);
    });
    expect(wrong).toEqual([]);
  });
});

test("T6: the tmux server is killed: the collector and its other exporters go on, panes are back within 5 s with their last lines", async () => {
  await using world = await createWorld();
  await world.start();
  const client = await connectRaw(world.url, "app");
  await client.hello({ "service.name": "app" }, { kind: "node" });
  for (let index = 0; index < 20; index++) client.log(`before ${index};`);
  await inPane(world, "node:app", "before 19;");
  const { pid } = await world.status();
  await world.tmux("kill-server");
  const killedAt = performance.now();
  let next = 0;
  await world.until("the pane with its last lines", async () => {
    client.log(`after ${next++};`);
    const pane = await world.pane("node:app");
    return (pane.includes("before 0;") && pane.includes("after 0;")) || undefined;
  });
  const tookMs = performance.now() - killedAt;
  // A look every 3 s, and what the machine takes to start tmux.
  expect(tookMs).toBeLessThan(8_000);
  expect((await world.status()).pid).toBe(pid);
  await world.until(
    "all in the queue",
    () => world.queue().some(({ rawContent }) => rawContent === `after ${next - 1};`) || undefined,
  );
  await client.close();
});

test("T7: the user's own sessions are never written to, renamed or killed; processes that race make one session", async () => {
  await using world = await createWorld();
  const { sessionName } = locate("node:app", world);
  const own = [sessionName, `${sessionName}-mine`, "devmux", "devmux-node-app"];
  for (const name of own) await world.tmux("new-session", "-d", "-s", name, "--", "cat");
  await world.start();
  await said(world, "app", "hello from the app");
  const name = await world.until("a session of ours beside them", async () =>
    (await sessionNames(world)).find((each) => !own.includes(each)),
  );
  expect(name).toBe(`${sessionName}-2`);
  // Without a terminal `attach` makes the session and then says so; six at once, after the session was closed.
  await world.tmux("kill-session", "-t", `=${name}`);
  await Promise.all(Array.from({ length: 6 }, () => world.devmux("attach", "node:app")));
  expect((await sessionNames(world)).sort()).toEqual([...own, `${sessionName}-2`].sort());
  await world.devmux("telemetry", "stop");
  for (const each of own) expect((await world.tmux("capture-pane", "-p", "-t", `=${each}:`)).trim()).toBe("");
});

test("T8: a line in a message cannot pass for a record, and a carriage return hides nothing", async () => {
  await using world = await createWorld();
  await world.start();
  const forged = "12:34:56.789 ERROR forged";
  await said(
    world,
    "app",
    `one\n${forged}\r\n2026-01-01 ERROR forged`,
    `ERROR all is lost\rINFO  all good ${forged}`,
    "end",
  );
  await inPane(world, "node:app", "end");
  const lines = (await world.pane("node:app")).split("\n").map((line) => line.trimEnd());
  expect(lines.filter((line) => /^[\d:.-]+ /.test(line))).toHaveLength(3);
  expect(lines).toContain(`    ${forged}`);
  expect(lines.some((line) => line.endsWith(`ERROR all is lost\\rINFO  all good ${forged}`))).toBe(true);
  // The same without tmux.
  const { stdout } = await world.devmux("tail", "app");
  expect(stdout.split("\n").filter((line) => /^[\d:.-]+ /.test(line))).toHaveLength(3);
});

test("T10: with NO_COLOR, or where no terminal is, no escape is written, not even one that a message brought", async () => {
  await using world = await createWorld();
  await world.start();
  await said(world, "app", "\u001b[31mred\u001b[0m", "end");
  await inPane(world, "node:app", "end");
  const { viewPath } = locate("node:app", world);
  expect(readFileSync(viewPath, "utf8")).not.toContain("\u001b");
  delete world.env.NO_COLOR;
  for (const args of [
    ["tail"],
    ["tail", "--json"],
    ["streams"],
    ["attach", "x"],
    ["telemetry", "status"],
    ["watch", "queue"],
    ["--help"],
  ]) {
    const { stdout, stderr } = await world.devmux(...args);
    expect([args, (stdout + stderr).includes("\u001b")]).toEqual([args, false]);
  }
  // On a terminal with NO_COLOR: the terminal is a pane of tmux.
  const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
  for (const [noColor, colored] of [
    ["1", false],
    ["", true],
  ] as const) {
    await world.tmux(
      "new-session",
      "-d",
      "-s",
      `t${noColor}`,
      "-x",
      "150",
      "-y",
      "40",
      "-e",
      `NO_COLOR=${noColor}`,
      "--",
      process.execPath,
      main,
      "tail",
      "app",
      "--follow",
    );
    const screen = () => world.tmux("capture-pane", "-pe", "-t", `=t${noColor}:`);
    await world.until("the records", async () => (await screen()).includes("end") || undefined);
    expect([noColor, (await screen()).includes("\u001b[3")]).toEqual([noColor, colored]);
  }
});
