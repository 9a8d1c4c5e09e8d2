// What the program gets from the outside, so that commands read no global and only main.ts knows argv, env and exit codes.

import { styleText } from "node:util";

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly homeDir: string;
  readonly stdinIsTerminal: boolean;
  readonly stdout: Output;
  readonly stderr: Output;
  /** This program's version. */
  readonly version: string;
  /** The file that runs it; a collector in the background is started from it. */
  readonly entry: string;
  /** Calls `listener` for every SIGINT, SIGTERM and SIGHUP; the function it returns ends that. */
  onSignal(listener: (signal: NodeJS.Signals, number: number) => void): () => void;
  /** Ends the process at once, whatever is still under way. */
  leave(exitCode: number): never;
  chdir(directory: string): void;
  /** The process that started this one and wants to hear of it; absent when nobody listens. */
  readonly parent?: ParentProcess;
}

export interface ParentProcess {
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The parent has left. Not called after `release`. */
  onDisconnect(listener: () => void): void;
  /** Ends the conversation from this side. */
  release(): void;
}

export function printLine(output: Output, text = ""): void {
  output.write(`${text}\n`);
}

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Colours for a stream: only on a terminal that has them, and never with NO_COLOR (https://no-color.org). */
export function painter(output: Output, env: Shell["env"]): Paint {
  const colour = output.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}
