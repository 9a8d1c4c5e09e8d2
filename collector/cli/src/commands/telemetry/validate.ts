// `devmux telemetry validate`: everything that is wrong with a configuration, in one report, before anything is started.

import { ConfigError } from "@chriscode/devmux-telemetry-server/config";
import { type Command, defineRunnable } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { painter, printLine } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";
import { visible } from "../../show/visible.ts";

export const validateCommand: Command = defineRunnable({
  name: "validate",
  summary: "Check the configuration; every problem is in one report, and nothing is started",
  examples: ["devmux telemetry validate", "devmux telemetry validate --config collector.yaml --json"],
  args: {
    config: {
      type: "string",
      valueHint: "FILE",
      description: "devmux.config.json, or a YAML file of the OTel Collector's shape",
    },
    json: { type: "boolean", default: false, description: "print one JSON object and nothing else" },
  },
  async run({ config, json }, shell) {
    const { checkConfiguration } = await import("../../config/configuration.ts");
    const { settings, configuration, problems } = await checkConfiguration({ config }, shell);
    const unset = configuration?.unset ?? [];
    const valid = problems.length === 0;
    if (json) {
      const file = settings?.file ?? null;
      printLine(shell.stdout, safeJson({ valid, file, problems, unsetVariables: unset }));
      return valid ? exitCodes.ok : exitCodes.config;
    }
    const paint = painter(shell.stderr, shell.env);
    for (const name of unset) {
      const text = `the environment variable ${name} is not set; it reads as empty`;
      printLine(shell.stderr, `${paint("yellow", "note:")} ${visible(text)}`);
    }
    if (!valid) throw new ConfigError(problems);
    const what = settings?.file ?? "there is no configuration file; the default pipelines";
    printLine(shell.stdout, `${visible(what)}: valid`);
    return exitCodes.ok;
  },
});
