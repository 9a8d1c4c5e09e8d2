// `debug`: batches to the terminal. What is only looked at never holds up anything: a terminal that does not keep up is
// skipped, counted.

import { accepted, type Exporter, type Settings } from "@chriscode/devmux-telemetry-server/component";
import { wantsColor } from "../text/palette.ts";
import type { DebugConfig } from "./config.ts";
import { createSampling } from "./sampling.ts";
import { createShow } from "./show.ts";

/** Where it is shown: standard output, or what a test gives. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly writableLength: number;
  write(text: string): unknown;
}

/** What may wait in the stream for a slow terminal or pipe. */
const maxWaitingBytes = 4 * 1024 * 1024;

export function createDebugExporter(
  settings: Settings,
  config: DebugConfig,
  screen: Screen = process.stdout,
): Exporter {
  const show = createShow(config.verbosity, wantsColor(config.color, screen.isTTY === true, process.env));
  const sample = createSampling(config.samplingInitial, config.samplingThereafter);
  return {
    async export(batch) {
      if (!sample(performance.now()) || screen.writableLength > maxWaitingBytes) {
        settings.count("items_not_shown", batch.itemCount);
        return accepted;
      }
      screen.write(show(batch));
      return accepted;
    },
  };
}
