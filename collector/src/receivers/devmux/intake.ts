// One client's way into the pipeline: what it sent, in order, one step at a time, each `export` taken at most once.
//
// It belongs to the client (its clientId), not to a socket: a client that reconnects while a batch of its old socket is under
// way sends that batch again, and must wait for the verdict to learn that it was taken.

import type { AckPayload, Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { Logs as LogsBatch } from "@chriscode/devmux-telemetry-protocol";
import type { Output } from "../../component/index.ts";

/** A wait that a `retryable` verdict without a time of its own asks for. */
const defaultRetryMs = 250;
/** Steps are joined up to this size, so that acknowledgements keep coming under load. */
const maxStepBytes = 1024 * 1024;

/** The socket's side of an intake. */
export interface Sender {
  ack(payload: AckPayload): void;
  /** The pipelines have no room: what was sent is kept, more should wait. */
  busy(reason: string, retryAfterMs: number): void;
}

interface Step {
  /** Undefined for `log` messages, which nobody acknowledges. */
  readonly sequence: number | undefined;
  /** Undefined for an `export` that could not be read: its sequence passes, nothing is taken. */
  readonly logs: Logs | undefined;
  readonly rejected: number;
  readonly message: string | undefined;
  readonly sender: Sender;
}

export interface Intake {
  /** Highest sequence that was taken; everything up to it is acknowledged. */
  readonly lastSequence: number;
  /** Bytes that wait for the pipelines. */
  readonly heldBytes: number;
  log(builder: LogsBuilder, sender: Sender): void;
  export(step: Omit<Step, "sender">, sender: Sender): void;
  /** What a gone socket sent and nobody took: `export`s are forgotten (the client has them), `log`s stay. */
  forget(sender: Sender): void;
  /** Resolves when the step that is under way has its verdict. */
  settled(): Promise<void>;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
  /** Resolves when nothing waits, or `deadline` aborts; gives the `log` records that were not taken. */
  drain(deadline: AbortSignal): Promise<number>;
}

export function createIntake(next: Output, onProgress: () => void): Intake {
  let steps: Step[] = [];
  const builders = new Map<LogsBuilder, Sender>();
  let lastSequence = 0;
  let stepBytes = 0;
  let running: Promise<void> | undefined;
  let current: Promise<void> = Promise.resolve();
  let wakeUp: (() => void) | undefined;
  let closing = false;

  const bytes = (step: Step) => step.logs?.byteLength ?? 0;

  function push(step: Step): void {
    steps.push(step);
    stepBytes += bytes(step);
  }

  /** `log` records that came since the last step become one. */
  function collectLogs(): void {
    for (const [builder, sender] of builders) {
      if (builder.itemCount > 0)
        push({ sequence: undefined, logs: builder.build(), rejected: 0, message: undefined, sender });
    }
    builders.clear();
  }

  function takeSteps(): Step[] {
    collectLogs();
    let size = 0;
    let count = 0;
    for (const step of steps) {
      size += bytes(step);
      if (count > 0 && size > maxStepBytes) break;
      count++;
    }
    return steps.slice(0, count);
  }

  /** Leaves out what was taken before; `undefined` where nothing is left to hand on. */
  function fresh(taken: readonly Step[]): Logs | undefined {
    const batches: Logs[] = [];
    let last = lastSequence;
    for (const { sequence, logs } of taken) {
      if (sequence !== undefined && sequence <= last) continue;
      if (sequence !== undefined) last = sequence;
      if (logs !== undefined && logs.itemCount > 0) batches.push(logs);
    }
    return batches.length === 0 ? undefined : batches.length === 1 ? batches[0] : LogsBatch.merge(batches);
  }

  function acknowledge(taken: readonly Step[], refused: number, reason: string | undefined): void {
    const acks = new Map<Sender, { rejected: number; message: string | undefined }>();
    for (const { sequence, sender, rejected, message } of taken) {
      if (sequence === undefined) continue;
      lastSequence = Math.max(lastSequence, sequence);
      const known = acks.get(sender);
      acks.set(sender, { rejected: (known?.rejected ?? 0) + rejected, message: known?.message ?? message });
    }
    for (const [sender, ack] of acks) {
      const rejected = ack.rejected + refused;
      const message = ack.message ?? reason;
      sender.ack({
        sequence: lastSequence,
        ...(rejected > 0 ? { rejected } : {}),
        ...(message === undefined ? {} : { message }),
      });
    }
  }

  /** One step; true where it got through. */
  async function advance(): Promise<boolean> {
    const taken = takeSteps();
    const logs = fresh(taken);
    const verdict = logs === undefined ? ({ kind: "accepted" } as const) : await next.consume(logs, "websocket");
    if (verdict.kind === "retryable") {
      const waitMs = verdict.retryAfterMs ?? defaultRetryMs;
      for (const sender of new Set(taken.map((step) => step.sender))) sender.busy(verdict.reason, waitMs);
      if (!closing)
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
          setTimeout(resolve, waitMs);
        });
      return false;
    }
    const refused = verdict.kind === "rejected" ? (logs?.itemCount ?? 0) : (verdict.refused ?? 0);
    // `forget` may have removed some while the verdict was awaited; what was taken is taken all the same.
    const removed = new Set(taken);
    steps = steps.filter((step) => !removed.has(step));
    stepBytes = steps.reduce((sum, step) => sum + bytes(step), 0);
    acknowledge(taken, refused, refused > 0 ? verdict.reason : undefined);
    onProgress();
    return true;
  }

  async function run(): Promise<void> {
    // After this turn of the event loop, so that all messages of one read become one step.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (steps.length > 0 || builders.size > 0) {
      const step = advance();
      current = step.then(() => undefined);
      if (!(await step) && closing) break;
    }
    running = undefined;
  }

  function wake(): void {
    running ??= run();
  }

  return {
    get lastSequence() {
      return lastSequence;
    },
    get heldBytes() {
      let held = stepBytes;
      for (const builder of builders.keys()) held += builder.byteLength;
      return held;
    },
    log(builder, sender) {
      if (!builders.has(builder)) builders.set(builder, sender);
      if (running === undefined) wake();
    },
    export(step, sender) {
      collectLogs();
      push({ ...step, sender });
      wake();
    },
    forget(sender) {
      steps = steps.filter((step) => step.sender !== sender || step.sequence === undefined);
      stepBytes = steps.reduce((sum, step) => sum + bytes(step), 0);
    },
    settled: () => current,
    idle: async () => running,
    async drain(deadline) {
      closing = deadline.aborted;
      const stop = () => {
        closing = true;
        wakeUp?.();
      };
      deadline.addEventListener("abort", stop, { once: true });
      await running;
      deadline.removeEventListener("abort", stop);
      collectLogs();
      let lost = 0;
      for (const { sequence, logs } of steps) if (sequence === undefined) lost += logs?.itemCount ?? 0;
      return lost;
    },
  };
}
