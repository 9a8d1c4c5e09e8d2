// The shape of a collector's configuration: the OTel Collector's top level.

import { z } from "zod";

export type ComponentMap = Readonly<Record<string, unknown>>;

export interface PipelineShape {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

export interface CollectorShape {
  readonly receivers: ComponentMap;
  readonly processors: ComponentMap;
  readonly exporters: ComponentMap;
  readonly connectors: ComponentMap;
  readonly extensions: ComponentMap;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, PipelineShape>>;
  };
}

/** What the user may write: every part may be left out, a component without options may be null. */
export interface CollectorConfig {
  receivers?: ComponentMap | null;
  processors?: ComponentMap | null;
  exporters?: ComponentMap | null;
  connectors?: ComponentMap | null;
  extensions?: ComponentMap | null;
  service?: {
    extensions?: readonly string[];
    pipelines?: Readonly<Record<string, Partial<PipelineShape>>>;
  };
}

const componentMap = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((map) => map ?? {});

const pipeline = z.strictObject({
  receivers: z.array(z.string()).default([]),
  processors: z.array(z.string()).default([]),
  exporters: z.array(z.string()).default([]),
});

export const collectorShape: z.ZodType<CollectorShape> = z.strictObject({
  receivers: componentMap,
  processors: componentMap,
  exporters: componentMap,
  connectors: componentMap,
  extensions: componentMap,
  service: z
    .strictObject({
      extensions: z.array(z.string()).default([]),
      pipelines: z.record(z.string(), pipeline).default({}),
    })
    .prefault({}),
});

export const kinds = ["receiver", "processor", "exporter", "connector", "extension"] as const;
export type Kind = (typeof kinds)[number];

/** `receivers` for `receiver`. */
export function sectionOf(kind: Kind): `${Kind}s` {
  return `${kind}s`;
}
