// How the tests bring what they need, with package managers that only note what they are told.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const module = new URL("./lib/system-tools.mjs", import.meta.url).href;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "devmux-tools-"));
  mkdirSync(join(directory, "bin"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function program(name: string, script: string): void {
  writeFileSync(join(directory, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** Notes its arguments; `install` makes programs of the names that it is given. */
const manager = (name: string) => `echo "$DEBIAN_FRONTEND ${name} $*" >> ${directory}/log
case "$*" in *install*) for last in "$@"; do case "$last" in tmux|chromium|firefox-esr) : > ${directory}/bin/$last;; esac; done;; esac`;

async function bring(isRoot: boolean): Promise<{ instruction: string; log: string }> {
  const script = `const { bringSystemTools } = await import(${JSON.stringify(module)});
    console.log(JSON.stringify((await bringSystemTools({ isRoot: ${isRoot} })) ?? "all there"));`;
  const env = { PATH: join(directory, "bin"), NO_COLOR: "1" };
  const instruction = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, ["--input-type=module", "-e", script], { env }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
  return { instruction: JSON.parse(instruction.trim().split("\n").at(-1)!), log: noted() };
}

function noted(): string {
  try {
    return readFileSync(join(directory, "log"), "utf8");
  } catch {
    return "";
  }
}

/** `env` is in no package manager's way: it runs what it is given. */
function withEnv(): void {
  program("env", 'export "$1"; shift; exec "$@"');
}

test("nothing is done where all are there", async () => {
  for (const name of ["tmux", "google-chrome", "firefox", "apt-get"]) program(name, manager(name));
  expect(await bring(true)).toEqual({ instruction: "all there", log: "" });
});

test("root: the list of packages first, then what is missing, without a question", async () => {
  withEnv();
  program("tmux", "");
  program("apt-get", manager("apt-get"));
  const { instruction, log } = await bring(true);
  expect(instruction).toBe("all there");
  const [update, install, firefox, ...more] = log.trim().split("\n");
  expect(firefox).toMatch(/-y .*install firefox-esr$/);
  expect(update).toMatch(/^noninteractive apt-get .*update$/);
  expect(install).toMatch(/^noninteractive apt-get .*-y .*install chromium$/);
  expect(more).toEqual([]);
});

test("a list of packages that cannot be brought up to date does not stop it", async () => {
  withEnv();
  program("apt-get", `${manager("apt-get")}\ncase "$*" in *update*) exit 100;; esac`);
  const { instruction, log } = await bring(true);
  expect([instruction, log]).toEqual(["all there", expect.stringMatching(/install tmux chromium\n/)]);
});

test("a user: with sudo that asks for nothing", async () => {
  withEnv();
  program("apt-get", manager("apt-get"));
  program("true", "");
  program("sudo", 'test "$1" = -n && shift && exec "$@"');
  expect((await bring(false)).instruction).toBe("all there");
});

test("a user without it gets one line that says what to install", async () => {
  program("apt-get", manager("apt-get"));
  program("sudo", "exit 1");
  expect(await bring(false)).toEqual({
    instruction:
      "The tests need tmux and Chromium; install: sudo apt-get update && sudo apt-get install -y tmux chromium",
    log: "",
  });
});

test("a package manager that fails leaves that line too", async () => {
  withEnv();
  program("apt-get", "exit 100");
  expect((await bring(true)).instruction).toContain("The tests need tmux and Chromium; install:");
});

test("a system that has no Firefox, or a user: the tests run without it", async () => {
  withEnv();
  for (const name of ["tmux", "chromium"]) program(name, "");
  program("apt-get", `echo "$*" >> ${directory}/log; exit 100`);
  const asRoot = await bring(true);
  expect(asRoot).toEqual({ instruction: "all there", log: expect.stringMatching(/install firefox-esr\n$/) });
  rmSync(join(directory, "log"));
  expect(await bring(false)).toEqual({ instruction: "all there", log: "" });
});

test("Homebrew", async () => {
  program("brew", `${manager("brew")}`);
  const { instruction, log } = await bring(false);
  expect([instruction, log]).toEqual(["all there", " brew install tmux\n brew install --cask chromium\n"]);
});
