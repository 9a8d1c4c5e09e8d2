// `sending_queue` and `retry_on_failure`: the keys of every exporter that the engine reads, named as in exporterhelper.

import { z } from "zod";
import type { QueueDefaults } from "../component/factory.ts";
import { duration, size } from "./units.ts";

export interface QueueOptions {
  readonly whenFull: "block" | "drop_oldest";
  readonly waitForResult: boolean;
  /** Id of the extension that keeps what waits; undefined: memory. */
  readonly storage: string | undefined;
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

function queueSchema(defaults: QueueDefaults, stored: boolean) {
  return z.strictObject({
    /** The id of a storage extension; `none` is memory, also where the exporter would have storage by itself. */
    storage: z.string().optional(),
    /**
     * In memory 64 MiB of OTLP, about 200,000 records: small beside Chromium; or what the exporter says. In storage 1 GiB, the hour
     * of a backend's absence at 1,000 records of 300 bytes a second.
     */
    queue_size: size(stored ? "1GiB" : (defaults.memorySize ?? "64MiB")),
    /** Memory: 500,000, which bounds what an index over small records may cost. Storage: 5,000,000, which takes no memory. */
    queue_items: z
      .int()
      .positive()
      .default(stored ? 5_000_000 : 500_000),
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

/**
 * Schema of the keys that the engine takes out of an exporter's configuration before the exporter sees it. `given`: that
 * configuration, where it is known; a queue in storage has other defaults than one in memory.
 */
export function queueOptionsSchema(defaults: QueueDefaults = {}, given?: unknown): z.ZodType<QueueOptions> {
  return z
    .strictObject({
      sending_queue: queueSchema(defaults, storageOf(given) !== undefined).prefault({}),
      retry_on_failure: retrySchema(defaults).prefault({}),
    })
    .transform(({ sending_queue: queue, retry_on_failure: retry }) => ({
      whenFull: queue.when_full,
      waitForResult: queue.wait_for_result,
      storage: queue.storage === noStorage ? undefined : queue.storage,
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

/** For `sending_queue.storage`: memory. */
export const noStorage = "none";

/** The storage that an exporter's configuration, not yet validated, names. */
export function storageOf(config: unknown): string | undefined {
  const storage = child(child(config, "sending_queue"), "storage");
  return typeof storage === "string" && storage !== noStorage ? storage : undefined;
}

function child(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
