// The configuration that runs when the user wrote none: every app into tmux and the queue.

import type { CollectorConfig } from "./shape.ts";

export interface DefaultConfigOptions {
  /** Exporters that cannot work here are left out, e.g. `tmux` where it is not installed. */
  readonly without?: readonly string[];
  /** Exporters beyond the default ones, with their options, e.g. `debug` for a terminal. */
  readonly exporters?: Readonly<Record<string, unknown>>;
}

export function defaultConfig({ without = [], exporters: more = {} }: DefaultConfigOptions = {}): CollectorConfig {
  const exporters = { tmux: {}, queue: {}, ...more };
  const kept = Object.fromEntries(Object.entries(exporters).filter(([id]) => !without.includes(id)));
  return {
    receivers: { devmux: {}, otlp: {}, pane: {} },
    exporters: kept,
    service: { pipelines: { logs: { receivers: ["devmux", "otlp", "pane"], exporters: Object.keys(kept) } } },
  };
}
