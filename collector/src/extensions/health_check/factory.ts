// health_check as a component.

import type { ExtensionFactory } from "../../component/index.ts";
import { type HealthCheckConfig, healthCheckConfig } from "./config.ts";
import { createHealthCheck, pathsOf } from "./health-check.ts";

export const healthCheckFactory: ExtensionFactory<HealthCheckConfig> = {
  kind: "extension",
  type: "health_check",
  summary: "tells over HTTP whether the collector lives and whether it is ready, component by component",
  config: healthCheckConfig,
  claims: ({ address, path }) => [{ option: "endpoint", address, routes: Object.values(pathsOf(path)) }],
  create: (_settings, config) => createHealthCheck(config),
};
