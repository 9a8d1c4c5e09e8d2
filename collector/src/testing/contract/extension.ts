// What every extension keeps, in a collector of its own.

import { z } from "zod";
import type { ExtensionFactory, ReceiverFactory } from "../../component/index.ts";
import { recordingExporter, testSettings } from "../doubles.ts";
import { sinkFactory, startTestCollector } from "../harness.ts";
import { type ContractCheck, check, describesItself, patienceMs } from "./check.ts";
import { shutdown } from "./consumer.ts";
import { withoutIo } from "./creation.ts";

/** Checks of an extension with this configuration, which must take any free port. */
export function testExtension<Config>(factory: ExtensionFactory<Config>, config: object = {}): ContractCheck[] {
  return [
    describesItself(factory),
    check("is created without I/O and timers, and shuts down without a start, twice", async () => {
      const settings = testSettings(factory.type);
      const parsed = factory.config.parse(config);
      const extension = withoutIo(() => factory.create(settings, parsed));
      for (let time = 0; time < 2; time++) await shutdown(extension, patienceMs);
    }),
    check("lives twice", async () => {
      for (let life = 0; life < 2; life++) {
        await using running = await start(factory, config);
        await running.collector.shutdown(patienceMs);
      }
    }),
  ];
}

function start<Config>(factory: ExtensionFactory<Config>, config: object) {
  const source: ReceiverFactory = {
    kind: "receiver",
    type: "source",
    summary: "receives nothing",
    signals: ["logs"],
    config: z.strictObject({}),
    create: () => ({}),
  };
  const collector = {
    receivers: { source: {} },
    exporters: { sink: {} },
    extensions: { [factory.type]: config },
    service: {
      extensions: [factory.type],
      pipelines: { logs: { receivers: ["source"], exporters: ["sink"] } },
    },
  };
  return startTestCollector(collector, [source, factory as ExtensionFactory, sinkFactory(recordingExporter())]);
}
