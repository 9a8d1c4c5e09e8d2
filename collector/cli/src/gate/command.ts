// Runs somebody's program as if it had been typed: its arguments as given, its terminal, its signals, its exit code.

import { spawn } from "node:child_process";
import { constants as os } from "node:os";
import type { Shell } from "../shell.ts";

export interface CommandEnd {
  /** Its own; 126 or 127 where it did not start, 128 and the number of its signal where that ended it. As shells have it. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | null;
  /** Why it did not start. */
  readonly problem?: string;
}

export interface CommandOptions {
  /** Its stdout goes to stderr: stdout is somebody else's. */
  readonly keepStdout: boolean;
}

const notFound = 127;
const notExecutable = 126;

/** No shell: what stands in the arguments is what the program gets. */
export function runProgram(
  words: readonly string[],
  shell: Shell,
  { keepStdout }: CommandOptions,
): Promise<CommandEnd> {
  const [program = "", ...args] = words;
  return new Promise<CommandEnd>((resolve) => {
    const child = spawn(program, args, { stdio: ["inherit", keepStdout ? 2 : "inherit", "inherit"], cwd: shell.cwd });
    const dispose = shell.onSignal((signal) => {
      // A terminal's Ctrl-C reaches the program by itself; twice would be another wish.
      if (!(signal === "SIGINT" && shell.stdinIsTerminal)) child.kill(signal);
    });
    const end = (ended: CommandEnd) => {
      dispose();
      resolve(ended);
    };
    child.once("error", ({ message, ...error }: NodeJS.ErrnoException) => {
      // A signal that could not be sent is no end.
      if (child.pid !== undefined) return;
      end({ exitCode: error.code === "ENOENT" ? notFound : notExecutable, signal: null, problem: message });
    });
    child.once("exit", (code, signal) => end({ exitCode: code ?? 128 + os.signals[signal!], signal }));
  });
}
