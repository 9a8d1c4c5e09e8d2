// The commands of `devmux`.

import { type Command, defineGroup } from "../command.ts";
import { attachCommand } from "./attach.ts";
import { devCommand } from "./dev/index.ts";
import { initCommand } from "./init.ts";
import { telemetryCommand } from "./telemetry/index.ts";
import { watchCommand } from "./watch/index.ts";

export const root: Command = defineGroup({
  name: "devmux",
  summary: "Telemetry of the apps on this machine: console and errors as tmux sessions and as a queue",
  examples: ["devmux telemetry start", "devmux attach browser:localhost-3000", "devmux watch queue --follow"],
  commands: [initCommand, devCommand, telemetryCommand, attachCommand, watchCommand],
});
