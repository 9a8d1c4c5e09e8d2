// `devmux telemetry …`

import { type Command, defineGroup } from "../../command.ts";
import { serveCommand } from "./serve.ts";
import { startCommand } from "./start.ts";
import { statusCommand } from "./status.ts";
import { stopCommand } from "./stop.ts";

export const telemetryCommand: Command = defineGroup({
  name: "telemetry",
  summary: "Start, stop and show the collector",
  examples: ["devmux telemetry start", "devmux telemetry status", "devmux telemetry stop"],
  commands: [startCommand, statusCommand, stopCommand, serveCommand],
});
