// Everything that `devmux` can refuse or fail at, each with a code, an exit code, what is wrong and what to do.
// The README lists the codes; a test compares them both ways.

import { suggestion } from "@chriscode/devmux-telemetry-server/config";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: ErrorCode;
  readonly exitCode: ExitCode;
  /** What to do about it, one line each. */
  readonly hints: readonly string[];

  constructor(code: ErrorCode, message: string, hints: readonly string[] = []) {
    super(message);
    this.code = code;
    this.exitCode = errorCodes[code];
    this.hints = hints;
  }
}

export type ErrorCode =
  | "DEVMUX_UNKNOWN_COMMAND"
  | "DEVMUX_MISSING_COMMAND"
  | "DEVMUX_UNKNOWN_OPTION"
  | "DEVMUX_BAD_OPTION"
  | "DEVMUX_BAD_ARGUMENT"
  | "DEVMUX_CONFIG"
  | "DEVMUX_STATE_DIR"
  | "DEVMUX_PORT_IN_USE"
  | "DEVMUX_START_FAILED"
  | "DEVMUX_NOT_RUNNING"
  | "DEVMUX_NOT_RESPONDING"
  | "DEVMUX_STOP_FAILED"
  | "DEVMUX_UNKNOWN_STREAM"
  | "DEVMUX_AMBIGUOUS_STREAM"
  | "DEVMUX_NO_TERMINAL"
  | "DEVMUX_TMUX"
  | "DEVMUX_NO_QUEUE"
  | "DEVMUX_NO_EVENT"
  | "DEVMUX_AMBIGUOUS_EVENT"
  | "DEVMUX_EVENT_TAKEN"
  | "DEVMUX_QUEUE_BUSY"
  | "DEVMUX_QUEUE_UNWRITABLE"
  | "DEVMUX_GATE"
  | "DEVMUX_NO_SERVICES"
  | "DEVMUX_UNKNOWN_SERVICE"
  | "DEVMUX_DEV_FAILED"
  | "DEVMUX_INIT"
  | "DEVMUX_NO_RECORDING"
  | "DEVMUX_REPLAY_STOPPED";

export const errorCodes: Readonly<Record<ErrorCode, ExitCode>> = {
  DEVMUX_UNKNOWN_COMMAND: exitCodes.usage,
  DEVMUX_MISSING_COMMAND: exitCodes.usage,
  DEVMUX_UNKNOWN_OPTION: exitCodes.usage,
  DEVMUX_BAD_OPTION: exitCodes.usage,
  DEVMUX_BAD_ARGUMENT: exitCodes.usage,
  DEVMUX_CONFIG: exitCodes.config,
  DEVMUX_STATE_DIR: exitCodes.failed,
  DEVMUX_PORT_IN_USE: exitCodes.portInUse,
  DEVMUX_START_FAILED: exitCodes.failed,
  DEVMUX_NOT_RUNNING: exitCodes.notRunning,
  DEVMUX_NOT_RESPONDING: exitCodes.notResponding,
  DEVMUX_STOP_FAILED: exitCodes.failed,
  DEVMUX_UNKNOWN_STREAM: exitCodes.notFound,
  DEVMUX_AMBIGUOUS_STREAM: exitCodes.usage,
  DEVMUX_NO_TERMINAL: exitCodes.failed,
  DEVMUX_TMUX: exitCodes.failed,
  DEVMUX_NO_QUEUE: exitCodes.notFound,
  DEVMUX_NO_EVENT: exitCodes.notFound,
  DEVMUX_AMBIGUOUS_EVENT: exitCodes.usage,
  DEVMUX_EVENT_TAKEN: exitCodes.taken,
  DEVMUX_QUEUE_BUSY: exitCodes.failed,
  DEVMUX_QUEUE_UNWRITABLE: exitCodes.failed,
  DEVMUX_GATE: exitCodes.gateFailed,
  DEVMUX_NO_SERVICES: exitCodes.config,
  DEVMUX_UNKNOWN_SERVICE: exitCodes.notFound,
  DEVMUX_DEV_FAILED: exitCodes.failed,
  DEVMUX_INIT: exitCodes.failed,
  DEVMUX_NO_RECORDING: exitCodes.notFound,
  DEVMUX_REPLAY_STOPPED: exitCodes.failed,
};

export function unknownCommand(path: string, word: string, known: readonly string[]): CliError {
  return new CliError("DEVMUX_UNKNOWN_COMMAND", `unknown command "${word}"${suggestion(word, known)}`, [
    `see: ${path} --help`,
  ]);
}

export function unknownService(name: string, known: readonly string[]): CliError {
  return new CliError(
    "DEVMUX_UNKNOWN_SERVICE",
    `there is no service ${JSON.stringify(name)}${suggestion(name, known)}`,
  );
}

export function missingCommand(path: string, known: readonly string[]): CliError {
  return new CliError("DEVMUX_MISSING_COMMAND", `${path} needs a command: ${known.join(", ")}`, [
    `see: ${path} --help`,
  ]);
}

export function unknownOption(path: string, option: string, known: readonly string[]): CliError {
  return new CliError("DEVMUX_UNKNOWN_OPTION", `unknown option "${option}"${suggestion(option, known)}`, [
    `see: ${path} --help`,
  ]);
}

export function badOption(path: string, option: string, problem: string): CliError {
  return new CliError("DEVMUX_BAD_OPTION", `${option}: ${problem}`, [`see: ${path} --help`]);
}

export function badArgument(path: string, problem: string): CliError {
  return new CliError("DEVMUX_BAD_ARGUMENT", problem, [`see: ${path} --help`]);
}
