// The one command that the collector's own process has. Of all commands together it would load three times as many modules,
// each a millisecond of its start, and keep them.

import { type Command, defineGroup } from "../command.ts";
import { serveCommand } from "../commands/telemetry/serve.ts";

const summary = "The collector's own process";
const examples = ["devmux telemetry start"];
const telemetry = defineGroup({ name: "telemetry", summary, examples, commands: [serveCommand] });

export const daemonRoot: Command = defineGroup({ name: "devmux", summary, examples, commands: [telemetry] });

/** Whether a command line is that of the collector's own process. */
export function isDaemon(argv: readonly string[]): boolean {
  return argv[0] === telemetry.name && argv[1] === serveCommand.name;
}
