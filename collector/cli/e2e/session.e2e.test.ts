// The session that the README shows, as a new user would type it: every command is run, and what it says is held against the
// README's text. Numbers that differ each time (times, pids, ports, places) are compared as such.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "./ports.ts";
import { createWorld, type World } from "./world.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const heading = "## A session from the beginning\n";

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

interface Step {
  readonly command: string;
  readonly output: string;
}

/** The commands of the section's console blocks, each with what is shown below it. */
function stepsOf(readme: string): Step[] {
  const section = readme.split(heading)[1]!.split("\n## ")[0]!;
  const shown = [...section.matchAll(/```console\n([\s\S]*?)```/g)].map(([, text]) => text!).join("");
  return shown
    .split(/^\$ /m)
    .slice(1)
    .map((text) => ({ command: text.slice(0, text.indexOf("\n")), output: text.slice(text.indexOf("\n") + 1) }));
}

/** The example in a directory of its own, `devmux` on the PATH, its ports free ones. */
async function newUser(): Promise<{
  world: World;
  type: (command: string) => Promise<string>;
  ports: readonly string[];
}> {
  const world = await createWorld();
  onTestFinished(() => world[Symbol.asyncDispose]());
  const shop = join(world.dir, "shop");
  cpSync(here("../../../examples/dev-session"), shop, { recursive: true });
  const bin = join(world.dir, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "devmux"), `#!/bin/sh\nexec "${process.execPath}" "${here("../dist/main.js")}" "$@"\n`);
  chmodSync(join(bin, "devmux"), 0o755);
  const ports = [String(await freePort()), String(await freePort())];
  const manifest = readFileSync(join(shop, "package.json"), "utf8");
  writeFileSync(join(shop, "package.json"), manifest.replaceAll("4001", ports[0]!).replaceAll("4002", ports[1]!));
  const env = { ...world.env, PATH: `${bin}${delimiter}${process.env.PATH}`, npm_config_update_notifier: "false" };
  onTestFinished(() => run("devmux dev stop").then(() => undefined));

  async function run(command: string): Promise<string> {
    const child = spawn("sh", ["-c", `${command} 2>&1`], { cwd: shop, env, stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    await once(child, "close");
    return output;
  }

  const type = (command: string) => run(command.replaceAll("4001", ports[0]!).replaceAll("4002", ports[1]!));
  return { world, type, ports };
}

/** `<window> 1` where its command has ended. */
async function panes(world: World): Promise<readonly string[]> {
  return (await world.tmux("list-panes", "-a", "-F", "#{window_name} #{pane_dead}")).split("\n");
}

test("the README's session", async () => {
  const { world, type, ports } = await newUser();
  const queue = join(world.dir, ".opencode", "triggers", "queue.jsonl");
  const errors = () =>
    readFileSync(queue, "utf8")
      .split("\n")
      .filter((line) => line.includes('"severity":"error"')).length;
  const readme = readFileSync(here("../README.md"), "utf8");
  const steps = stepsOf(readme);
  // The event has another id each time.
  const shownId = uuid.exec(readme)![0];
  let realId = shownId;
  const withId = (text: string, from: string, to: string) =>
    text.replaceAll(from, to).replaceAll(from.slice(0, 8), to.slice(0, 8));
  const plain = (text: string) =>
    withId(text, realId, shownId)
      .replaceAll(world.dir, "~")
      .replaceAll(ports[0]!, "4001")
      .replaceAll(ports[1]!, "4002")
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "<time>")
      .replace(/\bpid \d+/g, "pid <n>")
      .replace(/\b\d+\.\d s\b/g, "<n> s")
      // Which internal frames stand below the program's own is Node's business.
      .replace(/(?:^(?: {2}\|)? {4,5}at (?!total).*\n)+/gm, "    at …\n")
      .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
      .replace(/^ {4}… \d+ more lines\n/gm, "");
  expect(steps.map(({ command }) => command.split(" ")[0])).toEqual(expect.arrayContaining(["devmux", "curl"]));

  for (const { command, output } of steps) {
    if (command.startsWith("devmux watch queue"))
      await world.until("the crash in the queue", () => errors() > 0 || undefined);
    // npm ends a moment after the program that it runs.
    if (command === "devmux dev status")
      await world.until("the end of api", async () => (await panes(world)).includes("api 1") || undefined);
    const said = await type(withId(command, shownId, realId));
    if (command.startsWith("devmux queue claim")) realId = uuid.exec(said)?.[0] ?? "";
    // Which of two services is there first is the machine's business.
    const isOrdered = !/^devmux dev (start|stop)$/.test(command);
    const compared = (text: string) => (isOrdered ? plain(text) : plain(text).split("\n").sort());
    expect([command, compared(said)]).toEqual([command, compared(output)]);
    // The configuration names no port for the collector; the usual one may be somebody's.
    if (command === "devmux init") {
      const file = join(world.dir, "shop", "devmux.config.json");
      const config = JSON.parse(readFileSync(file, "utf8")) as object;
      writeFileSync(file, JSON.stringify({ ...config, telemetry: { port: world.port } }));
    }
  }
  expect(errors()).toBe(1);
}, 60_000);
