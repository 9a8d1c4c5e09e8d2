// The configuration as a JSON Schema, made from the schemas that check it, so that editors complete what the program takes.

import { z } from "zod";
import type { AnyFactory } from "../component/factory.ts";
import { queueOptionsSchema } from "./queue-options.ts";
import { type Kind, kinds, sectionOf } from "./shape.ts";

export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: { readonly [key: string]: JsonSchema };
  readonly anyOf?: readonly JsonSchema[];
  readonly additionalProperties?: boolean | JsonSchema;
}

/**
 * What a user may write for one component; an exporter's with the keys that the engine reads. `given`: what he has written,
 * where defaults depend on it.
 */
export function componentJsonSchema(factory: AnyFactory, given?: unknown): JsonSchema {
  const own = inputSchema(factory.config);
  if (factory.kind !== "exporter") return own;
  const { properties } = inputSchema(queueOptionsSchema(factory.queue, given));
  return { ...own, properties: { ...own.properties, ...properties } };
}

/** A configuration of the OTel Collector's shape, with these components. */
export function collectorJsonSchema(factories: readonly AnyFactory[]): JsonSchema {
  const sections = kinds.map((kind) => [sectionOf(kind), sectionSchema(kind, factories)] as const);
  const ids = { type: "array", items: { type: "string" } };
  const pipeline = {
    type: "object",
    properties: { receivers: ids, processors: ids, exporters: ids },
    required: ["receivers", "exporters"],
    additionalProperties: false,
  };
  return {
    type: "object",
    properties: {
      ...Object.fromEntries(sections),
      service: {
        type: "object",
        properties: {
          extensions: ids,
          pipelines: {
            type: "object",
            properties: { logs: pipeline, traces: pipeline, metrics: pipeline },
            patternProperties: { "^(logs|traces|metrics)/.+$": pipeline },
            additionalProperties: false,
          },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  };
}

function sectionSchema(kind: Kind, factories: readonly AnyFactory[]): JsonSchema {
  const ofKind = factories.filter((factory) => factory.kind === kind);
  const schemas = ofKind.flatMap((factory) => {
    const schema = { description: factory.summary, ...orNull(withReferences(componentJsonSchema(factory))) };
    return [factory.type, ...(factory.aliases ?? [])].map((name) => [name, schema] as const);
  });
  return {
    type: ["object", "null"],
    properties: Object.fromEntries(schemas),
    patternProperties: {
      ...Object.fromEntries(schemas.map(([name, schema]) => [`^${name}/.+$`, schema])),
      "^(@|\\.{1,2}/|/|devmux-)": { description: "a component of your own, by package name or path" },
    },
    additionalProperties: false,
  };
}

function inputSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest as JsonSchema;
}

/** A component or a part of it that is named without options (`http:`) is null in YAML. */
function orNull(schema: JsonSchema): JsonSchema {
  return schema.type === "object" ? { ...schema, type: ["object", "null"] } : schema;
}

const reference: JsonSchema = { type: "string", pattern: "^\\$\\{[^}]+\\}$" };

/** A value that is no string may be a `${env:…}` that becomes one. */
function withReferences(schema: JsonSchema): JsonSchema {
  const { properties, anyOf } = schema;
  if (properties !== undefined) {
    const walked = Object.entries(properties).map(([key, each]) => [key, withReferences(orNull(each))]);
    return { ...schema, properties: Object.fromEntries(walked) };
  }
  if (anyOf !== undefined) return { ...schema, anyOf: anyOf.map(withReferences) };
  const scalar = schema.enum !== undefined || ["number", "integer", "boolean"].includes(String(schema.type));
  if (!scalar) return schema;
  const { default: initial, description, ...rest } = schema;
  return {
    ...(description === undefined ? {} : { description }),
    ...(initial === undefined ? {} : { default: initial }),
    anyOf: [rest, reference],
  };
}
