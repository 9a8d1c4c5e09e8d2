// The checks that processors and connectors have in common: both take batches and hand them on.

import { strict as assert } from "node:assert";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import { type Batch, type Component, type Consumer, retryable, type Verdict } from "../../component/index.ts";
import { type TestSettings, testSettings } from "../doubles.ts";
import { testHost } from "../host.ts";
import { contractBatches } from "./batches.ts";
import {
  assertLaw,
  type ContractCheck,
  check,
  fingerprint,
  isVerdict,
  patienceMs,
  refusedBy,
  within,
} from "./check.ts";
import { withoutIo } from "./creation.ts";
import { createSink, mixedVerdicts, type Sink } from "./sinks.ts";

/** A component that consumes, made by its factory over a sink. */
export type Create = (settings: TestSettings, sink: Sink) => Component & Consumer;

/** Checks for one signal that it takes. */
export function consumerChecks(signal: Signal, create: Create): ContractCheck[] {
  const over = (script: readonly Verdict[]) => () => passes(signal, create, script);
  return [
    check(`${signal}: is created without I/O and timers, and shuts down without a start, twice`, async () => {
      const settings = testSettings();
      // Once before: what the first of its kind loads into the program is no work of the component's own.
      await shutdown(create(testSettings(), createSink()), patienceMs);
      const component = withoutIo(() => create(settings, createSink()));
      for (let time = 0; time < 2; time++) await shutdown(component, patienceMs);
    }),
    check(`${signal}: lives twice, and each time shuts down twice`, async () => {
      for (let life = 0; life < 2; life++) {
        await inDirectory(async (directory) => {
          const settings = testSettings();
          const sink = createSink();
          const component = create(settings, sink);
          await component.start?.(testHost(directory));
          const [batch] = contractBatches(signal, 1);
          const answer = component.consume(batch!);
          await shutdown(component, patienceMs);
          const verdict = await within(patienceMs, "the verdict", answer);
          await shutdown(component, patienceMs);
          const refused = refusedBy(verdict, batch!);
          assertLaw({ received: batch!.itemCount, delivered: sink.delivered, refused }, settings);
        });
      }
    }),
    check(`${signal}: what it received is delivered, refused or dropped, where all is accepted`, over([])),
    check(`${signal}: … where downstream accepts, refuses, delays and rejects`, over(mixedVerdicts)),
    check(`${signal}: … where downstream takes nothing, and shutdown does not wait for it`, over([retryable("full")])),
  ];
}

async function passes(signal: Signal, create: Create, script: readonly Verdict[]): Promise<void> {
  await inDirectory(async (directory) => {
    const settings = testSettings();
    const sink = createSink(script);
    const component = create(settings, sink);
    await component.start?.(testHost(directory));
    const batches = contractBatches(signal, 12);
    const unchanged = batches.map(fingerprint);
    // All at once, as several clients would: a component that holds batches joins them.
    const answers = batches.map((batch) => answerOf(component, batch));
    // What nobody answers before the end is answered by it.
    const takesNothing = script.length === 1;
    const ended = shutdown(component, takesNothing ? 50 : patienceMs);
    const verdicts = await within(2 * patienceMs, "the verdicts", Promise.all(answers));
    await ended;
    let received = 0;
    let refused = 0;
    batches.forEach((batch, index) => {
      received += batch.itemCount;
      refused += refusedBy(verdicts[index]!, batch);
    });
    assertLaw({ received, delivered: sink.delivered, refused }, settings);
    for (const assertUnchanged of unchanged) assertUnchanged();
    for (const batch of sink.batches) assert.ok(batch.itemCount > 0, "expected no empty batch downstream");
  });
}

async function answerOf(component: Consumer, batch: Batch): Promise<Verdict> {
  const verdict: unknown = await component.consume(batch);
  isVerdict(verdict);
  return verdict;
}

/** Shuts down with a deadline, and fails where that is passed by more than a moment. */
export async function shutdown(component: Component, deadlineMs: number): Promise<void> {
  const ended = component.shutdown?.(AbortSignal.timeout(deadlineMs)) ?? Promise.resolve();
  await within(deadlineMs + patienceMs, "shutdown", ended);
}

export async function inDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "devmux-contract-"));
  try {
    await run(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
