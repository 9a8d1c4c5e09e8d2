// What travels in a pipeline: one signal's OTLP bytes with a count. Logs are understood, traces and metrics only carried.

import type { Logs } from "./logs.ts";
import type { OpaqueBatch } from "./opaque.ts";

export type Signal = "logs" | "traces" | "metrics";

export const signals: readonly Signal[] = ["logs", "traces", "metrics"];

/** Discriminated by `signal`: `if (batch.signal === "logs")` gives `Logs`. */
export type Batch = Logs | OpaqueBatch;
