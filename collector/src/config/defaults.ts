// The configuration that runs when the user wrote none: every app, without its secrets, into tmux and the queue.

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
    // Before every exporter, so that no secret is shown, queued or forwarded. What has none passes unread, 2.5 GB a second.
    processors: { redaction: {} },
    exporters: kept,
    service: {
      pipelines: {
        logs: { receivers: ["devmux", "otlp", "pane"], processors: ["redaction"], exporters: Object.keys(kept) },
      },
    },
  };
}
