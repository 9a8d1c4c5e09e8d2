// What a user may set for `storage`, each default with its reason.

import { z } from "zod";
import { size } from "../../component/index.ts";

export interface StorageConfig {
  /** Undefined: `storage` in the state directory. */
  readonly directory: string | undefined;
  readonly sync: boolean;
  readonly segmentBytes: number;
  readonly minFreeBytes: number;
}

export const storageConfig: z.ZodType<StorageConfig> = z
  .strictObject({
    /** Where the files are; `storage` in the state directory unless given. One collector at a time. */
    directory: z.string().min(1, "expected a path").optional(),
    /** A batch is acknowledged when the disk has it. Without it a power cut may lose what was acknowledged; a crash may not. */
    fsync: z.boolean().default(true),
    /** Large enough that files are seldom made, small enough that a drop of the oldest or a damaged file is a small part. */
    segment_size: size("8MiB"),
    /** Nothing more is taken where less than this is left on the disk: a full disk stops all else that one does on it. */
    min_free_space: size("256MiB"),
  })
  .transform(({ directory, fsync, segment_size, min_free_space }) => ({
    directory,
    sync: fsync,
    // Offsets in a segment have 32 bits, and a batch may come on top of its size.
    segmentBytes: Math.min(Math.max(segment_size, 64 * 1024), 1024 * 1024 * 1024),
    minFreeBytes: min_free_space,
  }));
