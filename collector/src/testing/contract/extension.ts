// What every extension keeps, in a collector of its own.

import { strict as assert } from "node:assert";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { ExtensionFactory, ReceiverFactory, Storage } from "../../component/index.ts";
import { bodiesOf, testLogs } from "../batches.ts";
import { recordingExporter, testSettings } from "../doubles.ts";
import { sinkFactory, startTestCollector } from "../harness.ts";
import { testHost } from "../host.ts";
import { type ContractCheck, check, describesItself, patienceMs } from "./check.ts";
import { shutdown } from "./consumer.ts";
import { withoutIo } from "./creation.ts";

/** Checks of an extension with this configuration, which must take any free port. */
export function testExtension<Config>(factory: ExtensionFactory<Config>, config: object = {}): ContractCheck[] {
  return [
    describesItself(factory, factory.provides === "authenticator" ? config : {}),
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
    ...(factory.provides === "storage" ? storageChecks(factory, config) : []),
  ];
}

/** What a storage keeps is there for another one of the same place, in order, until it is removed. */
function storageChecks<Config>(factory: ExtensionFactory<Config>, config: object): ContractCheck[] {
  return [
    check("keeps batches in order over lives, until they are removed", async () => {
      const stateDir = await mkdtemp(join(tmpdir(), "devmux-contract-"));
      const host = testHost(stateDir);
      const create = () => factory.create(testSettings(factory.type), factory.config.parse(config)) as Storage;
      const events = { ready() {}, lost: () => assert.fail("expected nothing to be lost") };
      try {
        assert.equal(create().place(host), create().place(host), "expected the same place of the same configuration");
        for (let life = 0; life < 3; life++) {
          const storage = create();
          await storage.start?.(host);
          const store = await storage.open("one", events);
          const other = await storage.open("two", events);
          assert.equal(store.items.logs, life * 2, "expected what the life before had left");
          for (let index = 0; index < 3; index++) {
            const verdict = await store.put(testLogs(1, "r", life * 3 + index), false);
            assert.equal(verdict.kind, "accepted");
          }
          const taken = await store.take({ maxItems: 1, maxBytes: 1_000_000 });
          assert.deepEqual(bodiesOf(taken!.batch), [`r${life}`], "expected the oldest first");
          taken!.remove();
          assert.equal(await other.take({ maxItems: 1, maxBytes: 1_000_000 }), undefined);
          await store.close();
          await shutdown(storage, patienceMs);
        }
      } finally {
        await rm(stateDir, { recursive: true, force: true });
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
