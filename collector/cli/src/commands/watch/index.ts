// `devmux watch …`

import { type Command, defineGroup } from "../../command.ts";
import { watchStartCommand, watchStatusCommand, watchStopCommand } from "./panes.ts";
import { queueCommand } from "./queue.ts";

export const watchCommand: Command = defineGroup({
  name: "watch",
  summary: "Read what the services print, and what needs attention",
  examples: ["devmux watch queue", "devmux watch queue --follow --severity error"],
  commands: [watchStartCommand, watchStopCommand, watchStatusCommand, queueCommand],
});
