// Where the engine can be watched: what passes from part to part, and what exporters answer. Nobody listens most of the time, so
// each place asks first whether somebody does.

import type { Batch, Consumer, Exporter, Verdict } from "../component/index.ts";
import type { ComponentStats } from "./stats.ts";

export interface Probes {
  /** A batch is handed to a component. */
  readonly handed: Set<(to: ComponentStats, batch: Batch) => void>;
  /** An exporter has answered one call. */
  readonly exported: Set<(by: ComponentStats, batch: Batch, verdict: Verdict, durationMs: number) => void>;
}

export function createProbes(): Probes {
  return { handed: new Set(), exported: new Set() };
}

/** Stands before a component: counts what comes in, and tells who listens. */
export function watchConsumer(consumer: Consumer, stats: ComponentStats, { handed }: Probes): Consumer {
  return {
    consume(batch) {
      stats.flow[batch.signal].incoming += batch.itemCount;
      if (handed.size > 0) for (const listener of handed) listener(stats, batch);
      return consumer.consume(batch);
    },
  };
}

export function watchExporter(exporter: Exporter, stats: ComponentStats, { exported }: Probes): Exporter {
  return {
    async export(batch, signal) {
      if (exported.size === 0) return exporter.export(batch, signal);
      const startedAt = performance.now();
      const verdict = await exporter.export(batch, signal);
      const durationMs = performance.now() - startedAt;
      for (const listener of exported) listener(stats, batch, verdict, durationMs);
      return verdict;
    },
  };
}
