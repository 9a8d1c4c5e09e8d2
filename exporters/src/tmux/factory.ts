// `tmux` as the collector knows it.

import type { ExporterFactory } from "@chriscode/devmux-telemetry-server/component";
import { type TmuxConfig, tmuxConfig } from "./config.ts";
import { createTmuxExporter } from "./tmux.ts";

export const factory: ExporterFactory<TmuxConfig> = {
  kind: "exporter",
  type: "tmux",
  summary: "a tmux session for each stream, with its records as they come",
  signals: ["logs"],
  config: tmuxConfig,
  queue: {
    // A view must hold nobody up.
    whenFull: "drop_oldest",
    // The write takes microseconds; a client that waits for it sends what a crash has cut off again.
    waitForResult: true,
    // A full disk is the only thing that is waited for, and it is to be over within 5 s of its end.
    initialIntervalMs: 500,
    maxIntervalMs: 3_000,
  },
  create: (settings, config) => createTmuxExporter(settings, config, process.env),
};
