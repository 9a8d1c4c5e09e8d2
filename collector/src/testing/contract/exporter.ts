// What every exporter keeps.

import { strict as assert } from "node:assert";
import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import type { ExporterFactory, Host } from "../../component/index.ts";
import { testSettings } from "../doubles.ts";
import { testHost } from "../host.ts";
import { contractBatches } from "./batches.ts";
import { type ContractCheck, check, describesItself, fingerprint, isVerdict, patienceMs, within } from "./check.ts";
import { inDirectory, shutdown } from "./consumer.ts";
import { withoutIo } from "./creation.ts";

export interface ExporterOptions {
  /** Its configuration, where that names a place in `directory`. */
  readonly config?: (directory: string) => object;
  /** What its host has beyond a directory and streams. */
  readonly host?: Partial<Host>;
}

/** Checks of an exporter with this configuration; what it sends to must be there, or it must answer `retryable`. */
export function testExporter<Config>(
  factory: ExporterFactory<Config>,
  config: object = {},
  options: ExporterOptions = {},
): ContractCheck[] {
  const create = (directory: string, settings = testSettings(factory.type)) =>
    factory.create(settings, factory.config.parse(options.config?.(directory) ?? config));

  return [
    describesItself(factory),
    check("is created without I/O and timers, and shuts down without a start, twice", () =>
      inDirectory(async (directory) => {
        const exporter = withoutIo(() => create(directory));
        for (let time = 0; time < 2; time++) await shutdown(exporter, patienceMs);
      }),
    ),
    ...factory.signals.map((signal) =>
      check(`${signal}: lives twice, answers every batch with a verdict and changes none`, () =>
        lifetimes(factory, signal, create, options),
      ),
    ),
    check("gives up a batch when it is told to", () =>
      inDirectory(async (directory) => {
        const exporter = create(directory);
        await exporter.start?.(testHost(directory, options.host));
        const [batch] = contractBatches(factory.signals[0]!, 1);
        const told = AbortSignal.abort();
        isVerdict(await within(patienceMs, "export after its signal aborted", exporter.export(batch!, told)));
        await shutdown(exporter, patienceMs);
      }),
    ),
  ];
}

async function lifetimes<Config>(
  factory: ExporterFactory<Config>,
  signal: Signal,
  create: (directory: string) => ReturnType<ExporterFactory<Config>["create"]>,
  { host }: ExporterOptions,
): Promise<void> {
  await inDirectory(async (directory) => {
    for (let life = 0; life < 2; life++) {
      const exporter = create(directory);
      await exporter.start?.(testHost(directory, host));
      for (const batch of contractBatches(signal, 3)) {
        const assertUnchanged = fingerprint(batch);
        const verdict: unknown = await exporter.export(batch, AbortSignal.timeout(patienceMs));
        isVerdict(verdict);
        if (verdict.kind === "accepted")
          assert.ok((verdict.refused ?? 0) <= batch.itemCount, `${factory.type} refused more than it was given`);
        assertUnchanged();
      }
      await shutdown(exporter, patienceMs);
      await shutdown(exporter, patienceMs);
    }
  });
}
