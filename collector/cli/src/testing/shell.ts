// A shell for tests: remembers what was written, and lets a test send signals.

import { tmpdir } from "node:os";
import type { Shell } from "../shell.ts";

export interface TestShell extends Shell {
  out(): string;
  err(): string;
  signal(name: NodeJS.Signals, number: number): void;
  /** The exit codes that the program left with at once. */
  readonly left: readonly number[];
}

export interface TestShellOptions {
  readonly env?: Shell["env"];
  readonly cwd?: string;
  readonly isTTY?: boolean;
}

export function createTestShell({ env = {}, cwd = tmpdir(), isTTY = false }: TestShellOptions = {}): TestShell {
  const written = { out: "", err: "" };
  const listeners = new Set<(name: NodeJS.Signals, number: number) => void>();
  const left: number[] = [];
  const output = (stream: "out" | "err") => ({
    isTTY,
    write(text: string) {
      written[stream] += text;
      return true;
    },
  });
  return {
    env,
    cwd,
    homeDir: cwd,
    stdinIsTerminal: isTTY,
    stdout: output("out"),
    stderr: output("err"),
    version: "1.2.3",
    entry: "",
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    leave(code) {
      left.push(code);
      throw new Error(`left with ${code}`);
    },
    chdir: () => undefined,
    out: () => written.out,
    err: () => written.err,
    signal(name, number) {
      for (const listener of listeners) listener(name, number);
    },
    left,
  };
}
