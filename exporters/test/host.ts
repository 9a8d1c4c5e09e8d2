// An exporter on its own: created by its factory, started on a state directory, with streams that a test opens and closes.

import type { Exporter, ExporterFactory, StreamChange } from "@chriscode/devmux-telemetry-server/component";
import { type TestSettings, testHost, testSettings } from "@chriscode/devmux-telemetry-server/testing";
import { onTestFinished } from "vitest";

export interface RunningExporter {
  readonly exporter: Exporter;
  readonly settings: TestSettings;
  /** What it last said of itself; undefined: nothing, so it is well. */
  readonly health: { readonly state: string; readonly message: string | undefined } | undefined;
  change(change: StreamChange): void;
}

export const never: AbortSignal = new AbortController().signal;

export function createExporter<Config>(factory: ExporterFactory<Config>, config: object = {}) {
  const settings = testSettings(factory.type);
  return { exporter: factory.create(settings, factory.config.parse(config)), settings };
}

/** Shut down when the test is over. */
export async function startExporter<Config>(
  factory: ExporterFactory<Config>,
  config: object,
  stateDir: string,
): Promise<RunningExporter> {
  const { exporter, settings } = createExporter(factory, config);
  const host = testHost(stateDir);
  await exporter.start?.(host);
  onTestFinished(() => exporter.shutdown?.(AbortSignal.timeout(1_000)));
  return {
    exporter,
    settings,
    get health() {
      return settings.states.at(-1);
    },
    change: host.change,
  };
}
