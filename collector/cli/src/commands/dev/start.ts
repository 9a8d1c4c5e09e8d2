// `devmux dev start`: what does not run is started, what runs is left alone; progress as it comes.

import { type Command, defineRunnable } from "../../command.ts";
import { exclusively, openEnvironment } from "../../dev/environment.ts";
import { describeOutcome, type StartListener, startAll, works } from "../../dev/start.ts";
import { CliError } from "../../errors.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { painter, printLine, type Shell } from "../../shell.ts";
import { visible } from "../../show/visible.ts";
import { attachSession } from "./attach.ts";
import { configOption } from "./options.ts";

export const devStartCommand: Command = defineRunnable({
  name: "start",
  summary: "Start the services that do not run, each after those that it needs",
  examples: ["devmux dev start", "devmux dev start --attach"],
  args: {
    attach: { type: "boolean", default: false, description: "go to the session when all is up" },
    config: configOption,
  },
  async run({ attach, config }, shell) {
    const environment = openEnvironment({ config }, shell);
    const stop = new AbortController();
    const dispose = shell.onSignal(() => stop.abort());
    printLine(shell.stdout, `${visible(environment.project.name)}: tmux session ${environment.project.sessionName}`);
    try {
      const outcomes = await exclusively(environment, () =>
        startAll(environment, { signal: stop.signal, listener: startPrinter(shell) }),
      );
      const failed = [...outcomes].filter(([, outcome]) => !works(outcome));
      if (failed.length > 0) throw startFailed(failed.map(([name]) => name));
    } finally {
      dispose();
    }
    if (attach) return attachSession(environment, undefined);
    printLine(shell.stdout, "  look at it: devmux dev attach");
    return exitCodes.ok satisfies ExitCode;
  },
});

export function startFailed(names: readonly string[]): CliError {
  return new CliError("DEVMUX_DEV_FAILED", `not up: ${names.join(", ")}`, [
    `what it printed: devmux dev logs ${names.find((name) => name !== "telemetry") ?? ""}`.trimEnd(),
  ]);
}

/** A line for each service when it is up or is not, and one every two seconds while it is waited for. */
export function startPrinter(shell: Shell): StartListener {
  const paint = painter(shell.stdout, shell.env);
  const say = (name: string, text: string) => printLine(shell.stdout, `  ${name.padEnd(12)} ${visible(text)}`);
  return {
    waiting: (name, what, seconds) => say(name, `waiting for ${what} (${seconds} s)`),
    outcome(name, outcome) {
      const text = describeOutcome(outcome);
      printLine(shell.stdout, `  ${name.padEnd(12)} ${paint(works(outcome) ? "green" : "red", visible(text))}`);
    },
  };
}
