// Options of the batch processor.

import { z } from "zod";
import { duration, size } from "../../component/index.ts";

export interface BatchConfig {
  /** A batch goes on when it has this many items. */
  readonly items: number;
  readonly timeoutMs: number;
  /** Most items of one batch; undefined: no limit. */
  readonly maxItems: number | undefined;
  readonly maxBytes: number;
}

/** Who sent a batch waits for the verdict of what it became a part of, and nobody is to wait longer than two seconds in all. */
const maxTimeoutMs = 500;

export const batchConfig: z.ZodType<BatchConfig> = z
  .strictObject({
    /** The OTel Collector's: a size that a request or a write carries well. */
    send_batch_size: z.int().positive().default(8192),
    /** The OTel Collector's: longer is felt by someone who waits for a line. Longer than maxTimeoutMs is maxTimeoutMs. */
    timeout: duration("200ms"),
    /** 0 is none, as in the OTel Collector. */
    send_batch_max_size: z.int().nonnegative().default(0),
    /** What a gRPC server takes in one message unless told otherwise. */
    send_batch_max_bytes: size("4MiB").refine((bytes) => bytes >= 1_024, "expected at least 1KiB"),
  })
  .transform((config, context) => {
    const { send_batch_size: items, send_batch_max_size: max } = config;
    if (max > 0 && max < items) {
      const message = `expected at least send_batch_size (${items}), or 0 for no limit, got ${max}`;
      context.addIssue({ code: "custom", message, path: ["send_batch_max_size"] });
      return z.NEVER;
    }
    return {
      items,
      timeoutMs: Math.min(config.timeout, maxTimeoutMs),
      maxItems: max === 0 ? undefined : max,
      maxBytes: config.send_batch_max_bytes,
    };
  });
