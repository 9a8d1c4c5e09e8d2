// The hidden command that a background collector runs as: `start` spawns it and hears from it over Node's IPC channel.

import { type Command, defineRunnable } from "../../command.ts";
import { readSettings, type Settings } from "../../config/settings.ts";
import { badArgument } from "../../errors.ts";
import { readPort } from "../../options.ts";

const path = "devmux telemetry serve";

export const serveCommand: Command = defineRunnable({
  name: "serve",
  summary: "What `start` runs in the background",
  hidden: true,
  examples: ["devmux telemetry start"],
  args: {
    port: { type: "string", required: true },
    host: { type: "string", required: true },
    config: { type: "string" },
  },
  async run({ port, host, config }, shell) {
    if (shell.parent === undefined) throw badArgument(path, "this command is started by `devmux telemetry start`");
    const settings = readSettings({ config, host, port: readPort(path, port) }, shell.cwd);
    const { runBackground } = await import("./background.ts");
    return runBackground(settings, shell);
  },
});

/** The command line for a collector with these settings; the flags are in them already. */
export function serveArgv({ port, host, file }: Settings): string[] {
  const config = file === undefined ? [] : ["--config", file];
  return ["telemetry", "serve", "--port", String(port), "--host", host, ...config];
}
