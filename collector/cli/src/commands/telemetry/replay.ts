// `devmux telemetry replay FILE`: what a file exporter has recorded, sent once more.

import { resolve } from "node:path";
import { type Command, defineRunnable } from "../../command.ts";
import { discover } from "../../daemon/discover.ts";
import { httpUrl } from "../../daemon/request.ts";
import { stateDirectory } from "../../daemon/state-dir.ts";
import { badArgument, badOption, CliError } from "../../errors.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { printLine, type Shell } from "../../shell.ts";
import { visible } from "../../show/visible.ts";

const path = "devmux telemetry replay";
/** More lines than this help nobody to find what is wrong. */
const maxShownProblems = 20;

export const replayCommand: Command = defineRunnable({
  name: "replay",
  summary: "Send the requests of a file of OTLP/JSON lines to the collector, as the file exporter writes it",
  examples: [
    "devmux telemetry replay telemetry.jsonl",
    "devmux telemetry replay telemetry.jsonl.zst --speed 1    # in the tempo of the recording",
    "devmux telemetry replay telemetry.jsonl --endpoint http://localhost:4318",
  ],
  args: {
    file: { type: "positional", required: false, description: "OTLP/JSON lines; gzip and zstd are recognised" },
    speed: {
      type: "string",
      valueHint: "N",
      description: "1 as recorded, 10 ten times as fast, max as fast as it goes (max)",
    },
    endpoint: { type: "string", valueHint: "URL", description: "an OTLP/HTTP server instead of the running collector" },
  },
  async run({ file, speed, endpoint }, shell) {
    if (file === undefined) throw badArgument(path, "which file?");
    const tempo = readSpeed(speed);
    const target = endpoint === undefined ? await runningCollector(shell) : readEndpoint(endpoint);
    const stop = new AbortController();
    const dispose = shell.onSignal(() => stop.abort());
    try {
      return await send(resolve(shell.cwd, file), target, tempo, stop.signal, shell);
    } finally {
      dispose();
    }
  },
});

async function send(
  file: string,
  endpoint: string,
  speed: number | undefined,
  signal: AbortSignal,
  shell: Shell,
): Promise<ExitCode> {
  const { replay } = await import("../../replay/replay.ts");
  let shown = 0;
  const onProblem = ({ line, problem }: { line: number; problem: string }) => {
    if (++shown <= maxShownProblems) printLine(shell.stderr, visible(`line ${line}: ${problem}`));
  };
  let result: Awaited<ReturnType<typeof replay>>;
  try {
    result = await replay({ path: file, endpoint, speed, signal, onProblem });
  } catch (error) {
    throw new CliError("DEVMUX_NO_RECORDING", visible(`${file} cannot be read: ${(error as Error).message}`));
  }
  if (shown > maxShownProblems) printLine(shell.stderr, `… and ${shown - maxShownProblems} more lines`);
  const { sent, refused, unreadable, stopped } = result;
  const rest = [refused > 0 ? `${refused} refused` : "", unreadable > 0 ? `${unreadable} unreadable` : ""].filter(
    Boolean,
  );
  printLine(shell.stdout, [`${sent} requests sent to ${endpoint}`, ...rest].join(", "));
  if (stopped === undefined) return refused + unreadable === 0 ? exitCodes.ok : exitCodes.failed;
  if (signal.aborted) return exitCodes.failed;
  throw new CliError("DEVMUX_REPLAY_STOPPED", visible(stopped));
}

function readSpeed(text: string | undefined): number | undefined {
  if (text === undefined || text === "max") return undefined;
  const speed = Number(text);
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw badOption(path, "--speed", `expected a number above 0, or max, got "${text}"`);
}

function readEndpoint(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw badOption(path, "--endpoint", `expected a URL such as http://localhost:4318, got "${text}"`);
}

async function runningCollector(shell: Shell): Promise<string> {
  const found = await discover(stateDirectory(shell));
  if (found.kind === "running") return httpUrl(found.state.url, "/").replace(/\/$/, "");
  throw new CliError("DEVMUX_NOT_RUNNING", "the collector does not run, so there is nobody to send to", [
    "start it: devmux telemetry start",
    "or name another server: --endpoint http://localhost:4318",
  ]);
}
