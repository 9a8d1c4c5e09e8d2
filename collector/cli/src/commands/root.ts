// The commands of `devmux`.

import { type Command, defineGroup } from "../command.ts";
import { attachCommand } from "./attach.ts";
import { completeCommand, completionCommand } from "./completion.ts";
import { devCommand } from "./dev/index.ts";
import { errorsCommand } from "./errors.ts";
import { gateCommand } from "./gate.ts";
import { initCommand } from "./init.ts";
import { queueCommand } from "./queue/index.ts";
import { streamsCommand } from "./streams.ts";
import { tailCommand } from "./tail.ts";
import { telemetryCommand } from "./telemetry/index.ts";
import { watchCommand } from "./watch/index.ts";

export const root: Command = defineGroup({
  name: "devmux",
  summary: "Telemetry of the apps on this machine: console and errors as tmux sessions and as a queue",
  examples: ["devmux telemetry start", "devmux attach browser:localhost-3000", "devmux watch queue --follow"],
  commands: [
    initCommand,
    devCommand,
    telemetryCommand,
    attachCommand,
    tailCommand,
    streamsCommand,
    watchCommand,
    queueCommand,
    errorsCommand,
    gateCommand,
    completionCommand,
    completeCommand(() => root),
  ],
});
