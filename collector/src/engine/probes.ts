// Where the engine can be watched: what passes from part to part, and what exporters answer. Nobody listens most of the time, so
// each place asks first whether somebody does.

import type { Batch, Consumer, Exporter, Verdict } from "../component/index.ts";
import { type ComponentStats, countFlow } from "./stats.ts";
import type { Wire } from "./wire.ts";

export interface Probes {
  /** A batch is handed to a component. */
  readonly handed: Set<(to: ComponentStats, batch: Batch) => void>;
  /** A processor has handed a batch on, or answered without. */
  readonly processed: Set<(by: ComponentStats, batch: Batch, durationMs: number) => void>;
  /** A component has measured a value of its own. */
  readonly measured: Set<(by: ComponentStats, name: string, value: number) => void>;
  /** An exporter has answered one call. */
  readonly exported: Set<(by: ComponentStats, batch: Batch, verdict: Verdict, durationMs: number) => void>;
}

export function createProbes(): Probes {
  return { handed: new Set(), processed: new Set(), measured: new Set(), exported: new Set() };
}

/** Stands before a component: counts what comes in, and tells who listens. */
export function watchConsumer(consumer: Consumer, stats: ComponentStats, { handed }: Probes): Consumer {
  return {
    consume(batch) {
      if (handed.size > 0) for (const listener of handed) listener(stats, batch);
      const answer = consumer.consume(batch);
      countFlow(stats.flow[batch.signal], "incoming", batch, answer);
      return answer;
    },
  };
}

/**
 * The same before a processor, with the time that a batch spends in it: until it is handed on, or, where it is not at once, until
 * the processor has put it aside. What comes behind it is not in it.
 */
export function watchProcessor(processor: Consumer, out: Wire, stats: ComponentStats, probes: Probes): Consumer {
  const head = watchConsumer(processor, stats, probes);
  const { processed } = probes;
  return {
    consume(batch) {
      if (processed.size === 0) return head.consume(batch);
      const startedAt = performance.now();
      let endedAt: number | undefined;
      out.onPass = () => {
        endedAt ??= performance.now();
      };
      try {
        return head.consume(batch);
      } finally {
        out.onPass = undefined;
        const durationMs = (endedAt ?? performance.now()) - startedAt;
        for (const listener of processed) listener(stats, batch, durationMs);
      }
    },
  };
}

export function watchExporter(exporter: Exporter, stats: ComponentStats, { exported }: Probes): Exporter {
  return {
    async export(batch, signal) {
      const startedAt = performance.now();
      stats.inFlight++;
      try {
        const verdict = await exporter.export(batch, signal);
        const durationMs = performance.now() - startedAt;
        for (const listener of exported) listener(stats, batch, verdict, durationMs);
        return verdict;
      } finally {
        stats.inFlight--;
      }
    },
  };
}
