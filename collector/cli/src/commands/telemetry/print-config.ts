// `devmux telemetry print-config`: the configuration as it takes effect, with its defaults and without its secrets.

import { ConfigError, maskSecrets, withDefaults } from "@chriscode/devmux-telemetry-server/config";
import { type Command, defineRunnable } from "../../command.ts";
import { badOption } from "../../errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import { printLine } from "../../shell.ts";
import { safeJson } from "../../show/json.ts";

export const printConfigCommand: Command = defineRunnable({
  name: "print-config",
  summary: "Print the configuration with its defaults filled in and its secrets masked",
  examples: [
    "devmux telemetry print-config",
    "devmux telemetry print-config --json | jq .telemetry.collector.exporters",
  ],
  args: {
    config: {
      type: "string",
      valueHint: "FILE",
      description: "devmux.config.json, or a YAML file of the OTel Collector's shape",
    },
    json: { type: "boolean", default: false, description: "as JSON, one object on one line" },
    yaml: { type: "boolean", default: false, description: "as YAML (the default)" },
  },
  async run({ config, json, yaml }, shell) {
    if (json && yaml) throw badOption("devmux telemetry print-config", "--yaml", "goes not with --json");
    const { checkConfiguration } = await import("../../config/configuration.ts");
    const { settings, configuration, problems } = await checkConfiguration({ config }, shell);
    if (settings === undefined || configuration === undefined || problems.length > 0) throw new ConfigError(problems);
    const { enabled, port, host, token, allowedOrigins } = settings;
    const telemetry = {
      enabled,
      port,
      host,
      ...(token === undefined ? {} : { token }),
      allowed_origins: allowedOrigins,
      collector: withDefaults(configuration.config, configuration.factories),
    };
    const masked = maskSecrets({ telemetry });
    printLine(shell.stdout, json ? safeJson(masked) : (await import("yaml")).stringify(masked).trimEnd());
    return exitCodes.ok;
  },
});
