// `devmux telemetry components`: what a configuration may name, those of the user's own included.

import { type Command, defineRunnable } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { painter, printLine } from "../../shell.ts";
import { describeComponents } from "../../show/components.ts";
import { safeJson } from "../../show/json.ts";

export const componentsCommand: Command = defineRunnable({
  name: "components",
  summary: "List the receivers, processors, exporters, connectors and extensions that there are",
  examples: [
    "devmux telemetry components",
    "devmux telemetry components --json | jq '.[] | select(.kind == \"exporter\")'",
  ],
  args: {
    config: {
      type: "string",
      valueHint: "FILE",
      description: "devmux.config.json, or a YAML file of the OTel Collector's shape",
    },
    json: { type: "boolean", default: false, description: "print one JSON array and nothing else" },
  },
  async run({ config, json }, shell) {
    const { factories } = await import("../../components.ts");
    const { checkConfiguration } = await import("../../config/configuration.ts");
    const { configuration } = await checkConfiguration({ config }, shell);
    const components = (configuration?.factories ?? factories).map((factory) => ({
      kind: factory.kind,
      type: factory.type,
      aliases: factory.aliases ?? [],
      signals: factory.kind === "extension" ? [] : factory.signals,
      summary: factory.summary,
    }));
    if (json) printLine(shell.stdout, safeJson(components));
    else
      for (const line of describeComponents(components, painter(shell.stdout, shell.env)))
        printLine(shell.stdout, line);
    return exitCodes.ok;
  },
});
