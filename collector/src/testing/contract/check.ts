// The contract suite: what every component of a kind must keep, as a list of checks that any test runner can run:
//
//   test.each(testProcessor(factory, { timeout: "1s" }))("$name", ({ run }) => run());
//
// The law that all of them hold: received + made = delivered + refused + dropped + consumed. `refused` is what verdicts gave
// back, `dropped` what `settings.dropped` counted. A component that makes records of its own counts them as `records_made`, one
// whose purpose ends records (a counter) as `records_consumed`.

import { strict as assert } from "node:assert";
import type { Batch, Signal } from "@chriscode/devmux-telemetry-protocol";
import type { z } from "zod";
import type { Verdict } from "../../component/index.ts";
import type { TestSettings } from "../doubles.ts";

export interface ContractCheck {
  readonly name: string;
  /** Throws what `node:assert` throws where the contract is not kept. */
  run(): Promise<void>;
}

/** How long a check waits for what should come at once. */
export const patienceMs = 5_000;

export function check(name: string, run: () => Promise<void>): ContractCheck {
  return { name, run };
}

interface Described {
  readonly kind: string;
  readonly type: string;
  readonly summary: string;
  readonly config: z.ZodType<unknown>;
  readonly signals?: readonly Signal[];
}

/** What holds for a factory of any kind. `least`: what its configuration needs, which is nothing but where that is a secret. */
export function describesItself(factory: Described, least: object = {}): ContractCheck {
  return check("describes itself, and takes an empty configuration", async () => {
    assert.match(factory.type, /^[a-zA-Z][0-9a-zA-Z_]{0,62}$/);
    assert.ok(factory.summary.length > 0 && !factory.summary.includes("\n"), "expected a summary of one line");
    assert.ok(factory.signals === undefined || factory.signals.length > 0, "expected at least one signal");
    const given = JSON.stringify(least);
    assert.doesNotThrow(() => factory.config.parse(least), `expected ${given} to be a valid configuration`);
    const unknown = factory.config.safeParse({ ...least, no_such_key: 1 });
    assert.equal(unknown.success, false, "expected an unknown key to be an error");
  });
}

export function isVerdict(value: unknown): asserts value is Verdict {
  const { kind, reason } = value as { kind?: unknown; reason?: unknown };
  assert.ok(kind === "accepted" || kind === "retryable" || kind === "rejected", `expected a verdict, got ${kind}`);
  if (kind !== "accepted") assert.ok(typeof reason === "string" && reason !== "", "expected a reason for a refusal");
}

/** Records of a batch that a verdict gave back. */
export function refusedBy(verdict: Verdict, batch: Batch): number {
  return verdict.kind === "accepted" ? (verdict.refused ?? 0) : batch.itemCount;
}

export interface Tally {
  readonly received: number;
  readonly delivered: number;
  readonly refused: number;
}

export function assertLaw({ received, delivered, refused }: Tally, settings: TestSettings): void {
  const dropped = [...settings.drops.values()].reduce((sum, count) => sum + count, 0);
  const made = settings.counters.get("records_made") ?? 0;
  const consumed = settings.counters.get("records_consumed") ?? 0;
  const reasons = JSON.stringify(Object.fromEntries(settings.drops));
  assert.equal(
    received + made,
    delivered + refused + dropped + consumed,
    `received ${received} + made ${made} is not delivered ${delivered} + refused ${refused} + dropped ${dropped} ${reasons} + consumed ${consumed}`,
  );
}

/** A copy of a batch's bytes, and whether it still has them. */
export function fingerprint(batch: Batch): () => void {
  const before = batch.encode().slice();
  const count = batch.itemCount;
  return () => {
    assert.ok(Buffer.compare(before, batch.encode()) === 0, "expected the batch to have the bytes that it came with");
    assert.equal(batch.itemCount, count, "expected the batch to have the records that it came with");
  };
}

/** Rejects where something takes longer than it may. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${what} took longer than ${ms} ms` })), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
