// The routing connector as a component.

import type { ConnectorFactory } from "../../component/index.ts";
import { type RoutingConfig, routingConfig } from "./config.ts";
import { createRouting } from "./routing.ts";

export const routingConnectorFactory: ConnectorFactory<RoutingConfig> = {
  kind: "connector",
  type: "routing",
  summary: "sends records to pipelines by stream, resource or severity",
  signals: ["logs", "traces", "metrics"],
  config: routingConfig,
  routes: ({ table, defaultPipelines }) => [
    ...table.flatMap(({ pipelines }, rule) =>
      pipelines.map((pipeline, index) => ({ option: `table[${rule}].pipelines[${index}]`, pipeline })),
    ),
    ...defaultPipelines.map((pipeline, index) => ({ option: `default_pipelines[${index}]`, pipeline })),
  ],
  create: (settings, config, _outputs, pipelines) => createRouting(settings, config, pipelines),
};
