// The collector's numbers as Prometheus text, by the official SDK and its exporter. Both are loaded by the first who asks: most
// collectors are never scraped, and the libraries would be a tenth of their memory.

import type { AnyFactory } from "../../component/index.ts";
import type { Probes } from "../probes.ts";
import type { SendingQueue } from "../sending-queue.ts";
import type { ComponentStats } from "../stats.ts";

/** What there is to measure, asked anew for each scrape. */
export interface MetricsSource {
  components(): readonly Measured[];
  uptimeMs(): number;
  readonly probes: Probes;
  readonly version: string;
  readonly instanceId: string;
}

export interface Measured {
  readonly stats: ComponentStats;
  readonly plan: { readonly factory: Pick<AnyFactory, "metrics"> };
  /** Exporters only. */
  readonly queue?: Pick<SendingQueue, "bytes" | "capacityBytes" | "items">;
}

export interface Metrics {
  /** https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4. */
  text(): Promise<string>;
  shutdown(): Promise<void>;
}

export function createMetrics(source: MetricsSource): Metrics {
  let loading: Promise<Metrics> | undefined;
  const load = () => {
    loading ??= import("./sdk.ts").then(({ startSdk }) => startSdk(source));
    return loading;
  };
  return {
    text: async () => (await load()).text(),
    shutdown: async () => (await loading)?.shutdown(),
  };
}
