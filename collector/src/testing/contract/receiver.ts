// What every receiver keeps, in a collector of its own over real sockets.

import { strict as assert } from "node:assert";
import type { Batch, Signal } from "@chriscode/devmux-telemetry-protocol";
import { z } from "zod";
import {
  accepted,
  type ProcessorFactory,
  type ReceiverFactory,
  rejected,
  retryable,
  type Verdict,
} from "../../component/index.ts";
import type { CollectorConfig } from "../../config/shape.ts";
import { recordingExporter, testSettings } from "../doubles.ts";
import { sinkFactory, startTestCollector } from "../harness.ts";
import { contractBatches } from "./batches.ts";
import { type ContractCheck, check, describesItself, patienceMs, within } from "./check.ts";
import { shutdown } from "./consumer.ts";
import { withoutIo } from "./creation.ts";

/**
 * Sends a batch to a collector as a client of this receiver does, and resolves with what the client was told. `later`: it was
 * asked to come again, or still has no answer after a moment.
 */
export type Send = (authority: string, batch: Batch) => Promise<"taken" | "later" | "refused">;

/**
 * Checks of a receiver with this configuration, which must need no port of its own but the collector's, or take 0. Without
 * `send`, for one whose source waits for no answer, its lifecycle alone.
 */
export function testReceiver<Config>(factory: ReceiverFactory<Config>, config: object, send?: Send): ContractCheck[] {
  const lifecycle = lifecycleChecks(factory, config);
  return send === undefined ? lifecycle : [...lifecycle, ...answerChecks(factory, config, send)];
}

function answerChecks<Config>(factory: ReceiverFactory<Config>, config: object, send: Send): ContractCheck[] {
  const told = (verdict: Verdict, answer: string) =>
    check(`a client hears "${answer}" when the pipelines say ${verdict.kind}`, async () => {
      await using running = await start(factory, config, async () => verdict);
      for (const signal of factory.signals) {
        const [batch] = contractBatches(signal, 1);
        assert.equal(await within(patienceMs, "the answer", send(running.authority, batch!)), answer);
      }
    });

  return [
    told(accepted, "taken"),
    told(retryable("no room", 10_000), "later"),
    told(rejected("not wanted"), "refused"),
    check("acknowledges after the verdict of the pipelines, not before", async () => {
      let decide = (_verdict: Verdict) => {};
      let seen = () => {};
      const asked = new Promise<void>((resolve) => {
        seen = resolve;
      });
      const gate = () => {
        seen();
        return new Promise<Verdict>((resolve) => {
          decide = resolve;
        });
      };
      await using running = await start(factory, config, gate);
      const [batch] = contractBatches(factory.signals[0]!, 1);
      let answered = false;
      const answer = send(running.authority, batch!).finally(() => {
        answered = true;
      });
      await within(patienceMs, "the batch's way to the pipelines", asked);
      // An early one would be on its way by now, and arrive in one of these turns.
      for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(answered, false, "expected no acknowledgement before the verdict");
      decide(accepted);
      assert.equal(await within(patienceMs, "the answer", answer), "taken");
    }),
  ];
}

function lifecycleChecks<Config>(factory: ReceiverFactory<Config>, config: object): ContractCheck[] {
  return [
    describesItself(factory),
    check("is created without I/O and timers, and shuts down without a start, twice", async () => {
      const settings = testSettings(factory.type);
      const parsed = factory.config.parse(config);
      const receiver = withoutIo(() => factory.create(settings, parsed, { logs: { consume: async () => accepted } }));
      for (let time = 0; time < 2; time++) await shutdown(receiver, patienceMs);
    }),
    check("lives twice", async () => {
      for (let life = 0; life < 2; life++) {
        await using running = await start(factory, config, async () => accepted);
        await running.collector.shutdown(patienceMs);
      }
    }),
  ];
}

function start<Config>(factory: ReceiverFactory<Config>, config: object, decide: () => Promise<Verdict>) {
  const gate: ProcessorFactory = {
    kind: "processor",
    type: "gate",
    summary: "answers what the check says",
    signals: ["logs", "traces", "metrics"],
    config: z.strictObject({}),
    create: (_settings, _config, next) => ({
      async consume(batch) {
        const verdict = await decide();
        return verdict.kind === "accepted" ? next.consume(batch) : verdict;
      },
    }),
  };
  const pipeline = { receivers: [factory.type], processors: ["gate"], exporters: ["sink"] };
  const collector: CollectorConfig = {
    receivers: { [factory.type]: config },
    processors: { gate: {} },
    exporters: { sink: {} },
    service: { pipelines: Object.fromEntries(factory.signals.map((signal: Signal) => [signal, pipeline])) },
  };
  return startTestCollector(collector, [factory as ReceiverFactory, gate, sinkFactory(recordingExporter())]);
}
