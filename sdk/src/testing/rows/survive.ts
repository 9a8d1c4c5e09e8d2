// Makes the calls of every row in whatever engine this is, and holds them against the law: the call returns, the original
// has run once for it with the same `this` and arguments, nothing else was printed, and it took a millisecond at most.

import { levels, otherMethods } from "../../capture/methods.ts";
import type { Call, Row } from "./row.ts";

export interface Survival {
  readonly name: string;
  /** What of the law did not hold. */
  readonly faults: readonly string[];
  /** How many calls it made. */
  readonly calls: number;
  /** Milliseconds of its dearest call, the best of several tries. */
  readonly ms: number;
  /** There is no such input here. */
  readonly isMissing: boolean;
}

export interface Engine {
  /** Starts the client, after the console has been replaced. */
  start(): void;
  /** Resolves when what was logged has left. */
  rest(): Promise<unknown>;
  /** Milliseconds of a clock that moves. */
  now(): number;
  /** Milliseconds that a call may take, beside what the engine itself needs for such a value. */
  readonly limitMs: number;
}

/** One try that is fast enough shows that it can be; a machine that is busy gets more of them. */
const triesAtLeast = 3;
const triesAtMost = 80;

/** The text that stands before a row's records; what follows the last row is told by the number of rows. */
export const markerOf = (index: number): string => `row ${index} of the table`;

/** Replaces the console's methods for good. */
export async function survive(rows: readonly Row[], engine: Engine): Promise<Survival[]> {
  const printed: { readonly that: unknown; readonly call: readonly unknown[] }[] = [];
  const target = console as unknown as { [method: string]: (...args: unknown[]) => unknown };
  for (const method of [...levels, ...otherMethods]) {
    target[method] = function original(this: unknown, ...args: unknown[]) {
      printed.push({ that: this, call: [method, ...args] });
    };
  }
  engine.start();
  const make = ([method, ...args]: Call): number => {
    const started = engine.now();
    target[method]?.(...args);
    return engine.now() - started;
  };

  const results: Survival[] = [];
  for (const [index, row] of rows.entries()) {
    target.debug?.(markerOf(index));
    const faults: string[] = [];
    const isMissing = row.needs?.some((name) => !(name in globalThis)) === true;
    const calls = isMissing ? [] : row.calls();
    results.push({ name: row.name, faults, calls: calls.length, ms: 0, isMissing });
    if (isMissing) continue;
    printed.length = 0;
    try {
      for (const call of calls) make(call);
      row.after?.(calls);
    } catch (error) {
      faults.push(`threw ${String(error)}`);
    }
    let next = 0;
    for (const { call } of printed) if (isSame(call, calls[next])) next++;
    if (next !== calls.length) faults.push(`${next} of ${calls.length} calls have reached the original as they were`);
    if (printed.length !== calls.length + (row.innerCalls ?? 0)) faults.push(`${printed.length} calls of originals`);
    if (printed.some(({ that }) => that !== console)) faults.push("another `this`");
    await engine.rest();
  }
  target.debug?.(markerOf(rows.length));
  await engine.rest();
  for (const [index, result] of results.entries()) {
    if (result.isMissing) continue;
    const { ms, limitMs } = await measure(rows[index] as Row, make, engine);
    const slow = ms > limitMs ? [`${ms} ms, where ${limitMs} are allowed`] : [];
    results[index] = { ...result, ms, faults: [...result.faults, ...slow] };
    printed.length = 0;
  }
  return results;
}

async function measure(
  row: Row,
  make: (call: Call) => number,
  { now, rest, limitMs }: Engine,
): Promise<{ ms: number; limitMs: number }> {
  let best = { ms: Number.POSITIVE_INFINITY, limitMs };
  for (let tries = 0; tries < triesAtMost && (tries < triesAtLeast || best.ms > best.limitMs); tries++) {
    const calls = row.calls();
    // A client that has nothing to send sends the first record within the call.
    await rest();
    const started = now();
    row.engineCost?.(calls);
    const engineMs = row.engineCost ? 2 * (now() - started) : 0;
    const ms = Math.max(...calls.map(make));
    if (ms < best.ms) best = { ms, limitMs: limitMs + engineMs };
  }
  return best;
}

function isSame(a: readonly unknown[], b: readonly unknown[] | undefined): boolean {
  return a.length === b?.length && a.every((part, index) => Object.is(part, b[index]));
}
