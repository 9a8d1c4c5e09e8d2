// An exporter on its own: created by its factory, started on a state directory, with streams that a test opens and closes.

import type {
  Exporter,
  ExporterFactory,
  Host,
  StreamChange,
  Streams,
} from "@chriscode/devmux-telemetry-server/component";
import { type TestSettings, testSettings } from "@chriscode/devmux-telemetry-server/testing";
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
  const listeners = new Set<(change: StreamChange) => void>();
  await exporter.start?.(testHost(stateDir, listeners));
  onTestFinished(() => exporter.shutdown?.(AbortSignal.timeout(1_000)));
  return {
    exporter,
    settings,
    get health() {
      return settings.states.at(-1);
    },
    change: (change) => {
      for (const listener of listeners) listener(change);
    },
  };
}

function testHost(stateDir: string, listeners: Set<(change: StreamChange) => void>): Host {
  const streams: Streams = {
    list: () => [],
    opened: () => () => {},
    received() {},
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const absent = () => {
    throw new Error("an exporter has no use for it");
  };
  return {
    stateDir,
    streams,
    collector: { name: "test", version: "0.0.0", instanceId: "test" },
    address: { host: "127.0.0.1", port: 0 },
    listening() {},
    isOwnAddress: () => false,
    admits: absent,
    access: absent,
    listener: absent,
    extension: () => undefined,
  };
}
