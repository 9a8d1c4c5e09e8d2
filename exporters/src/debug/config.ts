// What a user may set for `debug`, each default with its reason.

import { z } from "zod";
import type { ColorMode } from "../text/palette.ts";

export type Verbosity = "basic" | "normal" | "detailed";

export interface DebugConfig {
  readonly verbosity: Verbosity;
  readonly color: ColorMode;
  readonly samplingInitial: number;
  readonly samplingThereafter: number;
}

export const debugConfig: z.ZodType<DebugConfig> = z
  .strictObject({
    /** The Collector's words: `basic` a line for each batch, `normal` a line for each record, `detailed` every field. Here
     * somebody develops and looks at records, so `normal`. */
    verbosity: z.enum(["basic", "normal", "detailed"]).default("normal"),
    color: z.enum(["auto", "always", "never"]).default("auto"),
    /** Batches shown each second; past it one in `sampling_thereafter`. A terminal draws some ten thousand lines a second. */
    sampling_initial: z.int().positive().default(1_000),
    sampling_thereafter: z.int().positive().default(100),
  })
  .transform(({ verbosity, color, sampling_initial, sampling_thereafter }) => ({
    verbosity,
    color,
    samplingInitial: sampling_initial,
    samplingThereafter: sampling_thereafter,
  }));
