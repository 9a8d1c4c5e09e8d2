// What of a configuration without the right shape can be looked at all the same, so that one misplaced key does not hide what else
// is wrong. What is left out here has its problem already.

import type { CollectorConfig, ComponentMap, PipelineShape } from "./shape.ts";
import { kinds, sectionOf } from "./shape.ts";

export function salvage(raw: unknown): CollectorConfig {
  const config = mapOf(raw);
  const { extensions, pipelines } = mapOf(config.service);
  const sections = kinds.map((kind) => [sectionOf(kind), mapOf(config[sectionOf(kind)])]);
  return {
    ...Object.fromEntries(sections),
    service: {
      extensions: isTexts(extensions) ? extensions : [],
      pipelines: Object.fromEntries(Object.entries(mapOf(pipelines)).flatMap(([id, lists]) => pipelineOf(id, lists))),
    },
  };
}

const roles = ["receivers", "processors", "exporters"] as const;

/** One whose lists are no lists is left out: of what it should name nothing can be said. */
function pipelineOf(id: string, lists: unknown): [string, Partial<PipelineShape>][] {
  const given = mapOf(lists);
  const known = roles.filter((role) => given[role] !== undefined);
  if (given !== lists || !known.every((role) => isTexts(given[role]))) return [];
  return [[id, Object.fromEntries(known.map((role) => [role, given[role]]))]];
}

function mapOf(value: unknown): ComponentMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as ComponentMap) : {};
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
