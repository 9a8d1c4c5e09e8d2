// `sending_queue` and `retry_on_failure`: the keys of every exporter that the engine reads, named as in exporterhelper.

import { z } from "zod";
import type { QueueDefaults } from "../component/factory.ts";
import { duration, size } from "./units.ts";

export interface QueueOptions {
  readonly whenFull: "block" | "drop_oldest";
  readonly waitForResult: boolean;
  readonly consumers: number;
  /** Bound in bytes of OTLP. */
  readonly maxBytes: number;
  /** Bound in records, spans or data points. */
  readonly maxItems: number;
  /** Waiting batches are joined up to this size for one call of `export`. */
  readonly maxBatchItems: number;
  readonly maxBatchBytes: number;
  readonly retry: RetryOptions;
}

export interface RetryOptions {
  readonly enabled: boolean;
  readonly initialIntervalMs: number;
  readonly maxIntervalMs: number;
  readonly multiplier: number;
  readonly randomizationFactor: number;
  /** 0: as long as it takes; the queue is bounded. */
  readonly maxElapsedMs: number;
}

function queueSchema(defaults: QueueDefaults) {
  return z.strictObject({
    /** 64 MiB of OTLP is about 200,000 records: an hour of a busy app while a backend is away, and small beside Chromium. */
    queue_size: size("64MiB"),
    /** Bounds what an index over small records may cost. */
    queue_items: z.int().positive().default(500_000),
    /** One call at a time keeps order; more only where the backend does not care. */
    num_consumers: z.int().positive().max(100).default(1),
    when_full: z.enum(["block", "drop_oldest"]).default(defaults.whenFull ?? "block"),
    wait_for_result: z.boolean().default(defaults.waitForResult ?? false),
    batch: z
      .strictObject({
        /** The Collector's batch size; one write or one request carries it well. */
        max_items: z.int().positive().default(8192),
        max_size: size("4MiB"),
      })
      .prefault({}),
  });
}

function retrySchema(defaults: QueueDefaults) {
  return z.strictObject({
    enabled: z.boolean().default(true),
    initial_interval: duration(`${defaults.initialIntervalMs ?? 1_000}ms`),
    max_interval: duration(`${defaults.maxIntervalMs ?? 30_000}ms`),
    multiplier: z.number().min(1).default(1.5),
    randomization_factor: z.number().min(0).max(1).default(0.5),
    /** The queue is bounded in bytes, so a backend may stay away for as long as it likes. */
    max_elapsed_time: duration("0s"),
  });
}

/** Schema of the keys that the engine takes out of an exporter's configuration before the exporter sees it. */
export function queueOptionsSchema(defaults: QueueDefaults = {}): z.ZodType<QueueOptions> {
  return z
    .strictObject({
      sending_queue: queueSchema(defaults).prefault({}),
      retry_on_failure: retrySchema(defaults).prefault({}),
    })
    .transform(({ sending_queue: queue, retry_on_failure: retry }) => ({
      whenFull: queue.when_full,
      waitForResult: queue.wait_for_result,
      consumers: queue.num_consumers,
      maxBytes: queue.queue_size,
      maxItems: queue.queue_items,
      maxBatchItems: queue.batch.max_items,
      maxBatchBytes: queue.batch.max_size,
      retry: {
        enabled: retry.enabled,
        initialIntervalMs: retry.initial_interval,
        maxIntervalMs: retry.max_interval,
        multiplier: retry.multiplier,
        randomizationFactor: retry.randomization_factor,
        maxElapsedMs: retry.max_elapsed_time,
      },
    }));
}

export const queueKeys = ["sending_queue", "retry_on_failure"] as const;
