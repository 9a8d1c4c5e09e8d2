// `devmux dev …`

import { type Command, defineGroup } from "../../command.ts";
import { devAttachCommand } from "./attach.ts";
import { devLogsCommand } from "./logs.ts";
import { devRestartCommand } from "./restart.ts";
import { devStartCommand } from "./start.ts";
import { devStatusCommand } from "./status.ts";
import { devStopCommand } from "./stop.ts";

export const devCommand: Command = defineGroup({
  name: "dev",
  summary: "The services of devmux.config.json in one tmux session, with the collector and the logs",
  examples: ["devmux dev start", "devmux dev status", "devmux dev logs api -n 50", "devmux dev stop"],
  commands: [devStartCommand, devAttachCommand, devStatusCommand, devLogsCommand, devRestartCommand, devStopCommand],
});
