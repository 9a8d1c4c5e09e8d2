// A whole collector on free ports, in a directory of its own, for tests that talk to it over real sockets.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type {
  AnyFactory,
  Exporter,
  ExporterFactory,
  ProcessorFactory,
  QueueDefaults,
  Verdict,
} from "../component/index.ts";
import type { CollectorConfig } from "../config/shape.ts";
import { type Collector, type CollectorOptions, createCollector } from "../engine/collector.ts";
import { silentLog } from "./doubles.ts";

/** A factory for an exporter that a test holds in its hands; its type is `sink`. */
export function sinkFactory(exporter: Exporter, queue: QueueDefaults = {}): ExporterFactory {
  return {
    kind: "exporter",
    type: "sink",
    summary: "a test's own exporter",
    signals: ["logs", "traces", "metrics"],
    config: z.strictObject({}),
    queue,
    create: () => exporter,
  };
}

/** A processor that answers what the test says; what it accepts goes on. Its type is `verdict`. */
export function verdictFactory(next: () => Verdict): ProcessorFactory {
  return {
    kind: "processor",
    type: "verdict",
    summary: "a test's own verdicts",
    signals: ["logs", "traces", "metrics"],
    config: z.strictObject({}),
    create: (_settings, _config, consumer) => ({
      async consume(batch) {
        const verdict = next();
        return verdict.kind === "accepted" ? combine(verdict, await consumer.consume(batch)) : verdict;
      },
    }),
  };
}

function combine(own: Verdict, further: Verdict): Verdict {
  return further.kind === "accepted" ? own : further;
}

export interface TestCollector extends AsyncDisposable {
  readonly collector: Collector;
  readonly stateDir: string;
  /** `127.0.0.1:<port>` */
  readonly authority: string;
}

/** Starts a collector on 127.0.0.1:0; disposing it shuts it down and removes its directory. */
export async function startTestCollector(
  config: CollectorConfig,
  factories: readonly AnyFactory[],
  options: Partial<CollectorOptions> = {},
): Promise<TestCollector> {
  const stateDir = await mkdtemp(join(tmpdir(), "devmux-test-"));
  const collector = createCollector({
    config,
    factories,
    address: { host: "127.0.0.1", port: 0 },
    stateDir,
    version: "0.0.0-test",
    log: silentLog,
    ...options,
  });
  await collector.start();
  return {
    collector,
    stateDir,
    authority: `127.0.0.1:${collector.port}`,
    async [Symbol.asyncDispose]() {
      await collector.shutdown(2_000);
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
