// What is a distribution: recorded value by value, by who listens at the engine's probes.

import type { Batch } from "../../component/index.ts";

interface Distribution {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly boundaries: readonly number[];
}

const seconds = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30];

/** One value for each batch that a processor is handed. */
export const processorDuration: Distribution = {
  name: "otelcol_processor_internal_duration",
  description: "how long a batch was in the processor, without what comes behind it",
  unit: "s",
  boundaries: [0.00001, 0.00005, 0.0001, ...seconds],
};

export interface ExporterHistogram extends Distribution {
  read(batch: Batch, durationMs: number): number;
}

/** One value for each call of an exporter. */
export const exporterHistograms: readonly ExporterHistogram[] = [
  {
    name: "otelcol_exporter_queue_batch_send_size",
    description: "items in one call of the exporter",
    unit: "{items}",
    boundaries: [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000],
    read: ({ itemCount }) => itemCount,
  },
  {
    name: "otelcol_exporter_queue_batch_send_size_bytes",
    description: "bytes of OTLP in one call of the exporter",
    unit: "By",
    boundaries: [100, 1_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000],
    read: ({ byteLength }) => byteLength,
  },
  {
    name: "devmux_exporter_call_duration",
    description: "how long one call of the exporter took",
    unit: "s",
    boundaries: seconds,
    read: (_batch, durationMs) => durationMs / 1_000,
  },
];
