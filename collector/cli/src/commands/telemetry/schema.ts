// `devmux telemetry schema`: the JSON Schema of devmux.config.json, so that editors complete and check it.

import { type Command, defineRunnable } from "../../command.ts";
import { configJsonSchema } from "../../config/json-schema.ts";
import { exitCodes } from "../../exit-codes.ts";
import { printLine } from "../../shell.ts";

export const schemaCommand: Command = defineRunnable({
  name: "schema",
  summary: "Print the JSON Schema of devmux.config.json, for editors",
  examples: ["devmux telemetry schema > devmux.schema.json"],
  args: {
    collector: {
      type: "boolean",
      default: false,
      description: "of a YAML file with pipelines alone, as telemetry.collector names one",
    },
  },
  async run({ collector }, shell) {
    const { factories } = await import("../../components.ts");
    printLine(shell.stdout, JSON.stringify(configJsonSchema(factories, collector), null, 2));
    return exitCodes.ok;
  },
});
