// The pipe's command in a real tmux, with a path that is code for tmux's formats, for strftime and for the shell.

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { maxSegments, pipeCommand } from "./pipe-command.ts";

function privateTmux() {
  const socket = `devmux-pane-${randomBytes(6).toString("hex")}`;
  const run = (...args: string[]) =>
    execFileSync("tmux", ["-L", socket, "-f", "/dev/null", ...args], { encoding: "utf8", stdio: "pipe" });
  const directory = mkdtempSync(join(tmpdir(), "devmux-pipe-"));
  onTestFinished(() => {
    run("kill-server");
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  });
  return { run, directory };
}

const eventually = <T>(look: () => T) => vi.waitFor(look, { timeout: 10_000, interval: 20 });

it("writes what a pane prints under a path that nothing expands, readable for the owner only", () => {
  const { run, directory } = privateTmux();
  const nasty = join(directory, "a b'\"$(touch x)`touch y`#(touch z)#{pid}%H%%;\\ü&|");
  mkdirSync(nasty);
  run("new-session", "-d", "-s", "s", "-x", "80", "-y", "24", "--", "sh", "-c", "read -r go; echo printed; sleep 60");
  run("pipe-pane", "-t", "s:", pipeCommand(join(nasty, "api-1-")));
  run("send-keys", "-t", "s:", "Enter");
  return eventually(() => {
    expect(readFileSync(join(nasty, "api-1-0.log"), "utf8")).toContain("printed\r\n");
    expect(readdirSync(directory)).toEqual([nasty.slice(directory.length + 1)]);
    for (const name of ["x", "y", "z"]) expect(existsSync(name)).toBe(false);
  });
});

it("keeps the newest segments only, nothing is torn between them", async () => {
  const { run, directory } = privateTmux();
  run("new-session", "-d", "-s", "s", "-x", "80", "-y", "24", "--", "sh", "-c", "read -r go; seq 1 400000; echo end");
  run("set-option", "-w", "-t", "s:", "remain-on-exit", "on");
  run("pipe-pane", "-t", "s:", pipeCommand(join(directory, "api-1-"), 32));
  run("send-keys", "-t", "s:", "Enter");
  const segments = () =>
    readdirSync(directory)
      .map((name) => Number(/-(\d+)\.log$/.exec(name)?.[1]))
      .sort((a, b) => a - b);
  const text = (number: number) => readFileSync(join(directory, `api-1-${number}.log`), "utf8");
  await vi.waitFor(() => expect(text(segments().at(-1)!)).toContain("end\r\n"), { timeout: 15_000, interval: 50 });
  const numbers = segments();
  expect(numbers.length).toBeLessThanOrEqual(maxSegments + 1);
  expect(numbers[0]).toBeGreaterThan(0);
  const kept = numbers.map(text).join("").split("\r\n").slice(1, -2).map(Number);
  expect(kept.at(-1)).toBe(400_000);
  expect(kept.every((value, index) => index === 0 || value === kept[index - 1]! + 1)).toBe(true);
});
