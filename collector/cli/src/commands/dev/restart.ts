// `devmux dev restart SERVICE`: ends it and starts it again in its window, with what it has shown.

import { type Command, defineRunnable } from "../../command.ts";
import { type Environment, exclusively, openEnvironment, stateOf } from "../../dev/environment.ts";
import { describePlace } from "../../dev/place.ts";
import { type Service, serviceOf } from "../../dev/project.ts";
import { startAll, works } from "../../dev/start.ts";
import { stopService } from "../../dev/stop.ts";
import { CliError } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { configOption, notRunning } from "./options.ts";
import { startFailed, startPrinter } from "./start.ts";

export const devRestartCommand: Command = defineRunnable({
  name: "restart",
  summary: "End a service and start it again",
  examples: ["devmux dev restart api"],
  args: {
    service: { type: "positional", required: true, description: "a service of devmux.config.json" },
    config: configOption,
  },
  async run({ service: name, config }, shell) {
    const environment = openEnvironment({ config }, shell);
    const service = serviceOf(environment.project, name);
    const outcomes = await exclusively(environment, async () => {
      await end(environment, service);
      return startAll(environment, { only: name, listener: startPrinter(shell) });
    });
    const failed = [...outcomes].filter(([, outcome]) => !works(outcome)).map(([each]) => each);
    if (failed.length > 0) throw startFailed(failed);
    return exitCodes.ok;
  },
});

async function end(environment: Environment, service: Service): Promise<void> {
  const located = await environment.locate();
  if (located.session === undefined) throw notRunning(environment);
  const { place } = await stateOf(service, located, environment.shell);
  if (place !== undefined && place.kind !== "ours") {
    throw new CliError("DEVMUX_DEV_FAILED", `${service.name} runs ${describePlace(place)}; that is not ours to end`, [
      "end it there, then: devmux dev start",
    ]);
  }
  const stopped = await stopService(environment, service);
  if (stopped.kind === "stuck")
    throw new CliError("DEVMUX_DEV_FAILED", `${service.name} did not end, not even by SIGKILL`);
}
