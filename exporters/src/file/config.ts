// What a user may set for `file`, each default with its reason.

import { z } from "zod";

export interface FileConfig {
  /** Undefined: in the state directory. */
  readonly path: string | undefined;
  readonly compression: Compression;
  readonly rotation: Rotation;
}

export type Compression = "none" | "gzip" | "zstd";

export interface Rotation {
  readonly maxBytes: number;
  readonly maxAgeMs: number | undefined;
  readonly maxBackups: number;
  readonly localTime: boolean;
}

const dayMs = 86_400_000;

const rotation = z
  .strictObject({
    /** The Collector's. */
    max_megabytes: z.number().positive().max(100_000).default(100),
    max_days: z.int().positive().optional(),
    /** With the file itself a gigabyte at most; the Collector's 100 would be ten on a developer's disk. */
    max_backups: z.int().nonnegative().default(9),
    localtime: z.boolean().default(false),
  })
  .prefault({});

export const fileConfig: z.ZodType<FileConfig> = z
  .strictObject({
    path: z.string().min(1, "expected a path").optional(),
    /** One OTLP/JSON request a line, as the Collector's exporter writes and its `otlp_json_file` receiver reads. */
    format: z.enum(["json"], 'only "json" is written').default("json"),
    /** What was taken is not thrown away by a restart. */
    append: z.literal(true, "a file is never emptied at the start; move the old one away").default(true),
    compression: z.enum(["none", "gzip", "zstd"]).default("none"),
    rotation,
  })
  .transform(({ path, compression, rotation: { max_megabytes, max_days, max_backups, localtime } }) => ({
    path,
    compression,
    rotation: {
      maxBytes: Math.ceil(max_megabytes * 1024 * 1024),
      maxAgeMs: max_days === undefined ? undefined : max_days * dayMs,
      maxBackups: max_backups,
      localTime: localtime,
    },
  }));
