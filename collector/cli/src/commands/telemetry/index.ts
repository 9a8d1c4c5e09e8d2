// `devmux telemetry …`

import { type Command, defineGroup } from "../../command.ts";
import { componentsCommand } from "./components.ts";
import { doctorCommand } from "./doctor.ts";
import { printConfigCommand } from "./print-config.ts";
import { reloadCommand } from "./reload.ts";
import { replayCommand } from "./replay.ts";
import { schemaCommand } from "./schema.ts";
import { serveCommand } from "./serve.ts";
import { startCommand } from "./start.ts";
import { statusCommand } from "./status.ts";
import { stopCommand } from "./stop.ts";
import { validateCommand } from "./validate.ts";

export const telemetryCommand: Command = defineGroup({
  name: "telemetry",
  summary: "Start, stop and show the collector",
  examples: ["devmux telemetry start", "devmux telemetry status", "devmux telemetry stop"],
  commands: [
    startCommand,
    statusCommand,
    reloadCommand,
    doctorCommand,
    stopCommand,
    validateCommand,
    componentsCommand,
    printConfigCommand,
    schemaCommand,
    replayCommand,
    serveCommand,
  ],
});
