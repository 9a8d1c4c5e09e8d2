// Exporters that fail in one way each, named after it, and what a component is handed when it is created.

import {
  accepted,
  type Batch,
  type Consumer,
  type Exporter,
  type HealthState,
  type Log,
  retryable,
  type Settings,
  type Verdict,
} from "../component/index.ts";
import { bodiesOf } from "./batches.ts";

export interface RecordingExporter extends Exporter {
  readonly batches: Batch[];
  /** Every body that was accepted, in order. */
  readonly bodies: string[];
  /** Resolves when `bodies` has at least `count`. */
  received(count: number): Promise<void>;
}

/** Accepts everything, or answers as `verdicts` say, one for each call, before it accepts the rest. */
export function recordingExporter(...verdicts: readonly Verdict[]): RecordingExporter {
  const pending = [...verdicts];
  const batches: Batch[] = [];
  const bodies: string[] = [];
  const waiters = new Set<() => void>();
  return {
    batches,
    bodies,
    async export(batch) {
      const verdict = pending.shift() ?? accepted;
      if (verdict.kind === "accepted") {
        batches.push(batch);
        bodies.push(...bodiesOf(batch));
        for (const check of waiters) check();
      }
      return verdict;
    },
    received(count) {
      return new Promise((resolve) => {
        const check = () => {
          if (bodies.length < count) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      });
    },
  };
}

export interface RecordingConsumer extends Consumer {
  /** What it accepted, in order. */
  readonly batches: readonly Batch[];
  readonly bodies: readonly string[];
}

/** Stands downstream of a processor; answers as `verdicts` say, one for each call, and accepts the rest. */
export function recordingConsumer(...verdicts: readonly Verdict[]): RecordingConsumer {
  const exporter = recordingExporter(...verdicts);
  const { batches, bodies } = exporter;
  return { batches, bodies, consume: (batch) => exporter.export(batch, new AbortController().signal) };
}

/** Answers no call until it is released, or until it is told that nobody waits any longer. */
export function stuckExporter(): RecordingExporter & { release(): void; readonly calls: number } {
  const inner = recordingExporter();
  let calls = 0;
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    ...inner,
    get calls() {
      return calls;
    },
    release: () => open(),
    async export(batch, signal) {
      calls++;
      const gaveUp = new Promise<Verdict>((resolve) => {
        signal.addEventListener("abort", () => resolve(retryable("aborted")), { once: true });
      });
      return Promise.race([gate.then(() => inner.export(batch, signal)), gaveUp]);
    },
  };
}

/** Fails every call with `verdict` until it is mended. */
export function failingExporter(
  verdict: Verdict = retryable("it is broken"),
): RecordingExporter & { mend(): void; readonly calls: number } {
  const inner = recordingExporter();
  let calls = 0;
  let mended = false;
  return {
    ...inner,
    get calls() {
      return calls;
    },
    mend() {
      mended = true;
    },
    async export(batch, signal) {
      calls++;
      return mended ? inner.export(batch, signal) : verdict;
    },
  };
}

export interface TestSettings extends Settings {
  readonly states: { readonly state: HealthState; readonly message: string | undefined }[];
  readonly drops: Map<string, number>;
  readonly counters: Map<string, number>;
}

/** Settings that remember what a component said of itself. */
export function testSettings(id = "test"): TestSettings {
  const states: { state: HealthState; message: string | undefined }[] = [];
  const drops = new Map<string, number>();
  const counters = new Map<string, number>();
  return {
    id,
    log: silentLog,
    states,
    drops,
    counters,
    health: (state, message) => void states.push({ state, message }),
    dropped: (count, reason) => void drops.set(reason, (drops.get(reason) ?? 0) + count),
    measure: () => undefined,
    count: (name, by = 1) => void counters.set(name, (counters.get(name) ?? 0) + by),
  };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
