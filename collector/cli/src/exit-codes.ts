// The exit codes of `devmux`, in one table; the README shows the same one, and a test compares them.

export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notRunning: 3,
  notFound: 4,
  config: 5,
  portInUse: 6,
  notResponding: 7,
  taken: 8,
  newErrors: 80,
  gateFailed: 125,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of a program that was run: its own, or as shells have it, 126 and 127 where it did not start, 128 + its signal. */
export interface PassedOn {
  readonly passedOn: number;
}

/** What each code tells a script. A run that a second Ctrl-C or SIGTERM cuts short leaves with 128 + the signal's number. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: "done, or nothing had to be done (`start` of a running collector, `stop` of a stopped one)",
  failed: "the command could not do what was asked; the message says why",
  usage: "the command line is wrong: unknown command or option, missing or unusable value",
  notRunning:
    "the collector or the dev session does not run, and the command needs it (`status`, `attach` without known streams)",
  notFound: "there is no such stream, service or event, no queue file yet, or nothing to claim",
  config: "the configuration is wrong; every problem is listed",
  portInUse: "the port is taken; the message names who holds it where that can be known",
  notResponding: "the collector's process is there but does not answer",
  taken: "the event's status does not allow it: another agent works on it, or it is closed",
  newErrors: "`gate`: the command ended well, and errors have appeared that were not there before",
  gateFailed: "`gate`: the command has ended, and the queue cannot be read",
};
