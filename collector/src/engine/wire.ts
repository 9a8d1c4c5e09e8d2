// A joint between two parts of the graph. What it leads to changes when the configuration does, while batches pass: a part that
// stays keeps what it was created with.

import { type Consumer, type Outputs, retryable, type Signal } from "../component/index.ts";
import { type ComponentStats, countFlow } from "./stats.ts";

export interface Wire extends Consumer {
  lead(to: Consumer): void;
  /** Called when a batch passes; set by who watches. */
  onPass: (() => void) | undefined;
}

/** `stats`: of the part whose output it is. */
export function createWire(stats: ComponentStats): Wire {
  let next: Consumer | undefined;
  const wire: Wire = {
    onPass: undefined,
    consume(batch) {
      wire.onPass?.();
      // Wires are led before anything runs; only a component that sends from its create function finds none.
      const answer = next?.consume(batch) ?? Promise.resolve(retryable("the collector is starting"));
      countFlow(stats.flow[batch.signal], "outgoing", batch, answer);
      return answer;
    },
    lead(to) {
      next = to;
    },
  };
  return wire;
}

/** What a connector feeds: by signal, and pipeline by pipeline. */
export interface Outlets {
  readonly outputs: { readonly [S in Signal]?: Wire };
  readonly pipelines: ReadonlyMap<string, Wire>;
}

export function createOutlets(signals: Iterable<Signal>, pipelines: Iterable<string>, stats: ComponentStats): Outlets {
  const outputs: { [S in Signal]?: Wire } = {};
  for (const signal of signals) outputs[signal] = createWire(stats);
  return { outputs, pipelines: new Map([...pipelines].map((id) => [id, createWire(stats)])) };
}

export function leadOutlets({ outputs, pipelines }: Outlets, to: Outputs, heads: ReadonlyMap<string, Consumer>): void {
  for (const [signal, wire] of Object.entries(outputs)) wire.lead(to[signal as Signal]!);
  for (const [id, wire] of pipelines) wire.lead(heads.get(id)!);
}
