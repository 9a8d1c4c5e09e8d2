// The JSON Schema of devmux.config.json: the `telemetry` key, and in it the pipelines with every component's options.

import type { AnyFactory } from "@chriscode/devmux-telemetry-server/component";
import { collectorJsonSchema, type JsonSchema } from "@chriscode/devmux-telemetry-server/config";
import { z } from "zod";
import { telemetrySchema } from "./telemetry.ts";

const dialect = "https://json-schema.org/draft/2020-12/schema";

/** `collectorAlone`: of a YAML file of the Collector's shape. Other keys of devmux.config.json are other programs' own. */
export function configJsonSchema(factories: readonly AnyFactory[], collectorAlone: boolean): JsonSchema {
  const collector = collectorJsonSchema(factories);
  if (collectorAlone) return { $schema: dialect, title: "DevMux collector", ...collector };
  const { $schema: _, properties, ...rest } = z.toJSONSchema(telemetrySchema, { io: "input", unrepresentable: "any" });
  const file = {
    type: "string",
    description: "the path of a YAML file with the pipelines, from this file's directory",
  };
  return {
    $schema: dialect,
    title: "devmux.config.json",
    type: "object",
    properties: {
      telemetry: { ...(rest as JsonSchema), properties: { ...properties, collector: { anyOf: [collector, file] } } },
    },
  };
}
