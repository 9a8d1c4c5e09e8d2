// A changed configuration applied to a collector that runs: checked whole, then as the difference of two blueprints. One that cannot
// take effect leaves everything as it was.

import type { Log } from "../component/index.ts";
import type { Blueprint } from "../config/blueprint.ts";
import { buildGraph, type Graph, type GraphOptions, type Node, nodesOf } from "./graph.ts";
import { TransitionError, type TransitionTools, transition } from "./transition.ts";

export interface Running {
  readonly blueprint: Blueprint;
  readonly graph: Graph;
}

/** Components by kind and id, e.g. `exporter otlp_http`. */
export interface Reloaded {
  readonly started: readonly string[];
  readonly stopped: readonly string[];
  /** Started anew with other options. */
  readonly replaced: readonly string[];
  /** How many were not touched. */
  readonly kept: number;
}

export interface ReloadTools {
  readonly graphOptions: GraphOptions;
  readonly transitionTools: TransitionTools;
  readonly log: Log;
  /** What runs now, for who asks meanwhile. */
  show(running: Running): void;
}

/** Throws what a component said when it could not be made or started; then `before` runs again. */
export async function reload(before: Running, blueprint: Blueprint, tools: ReloadTools): Promise<Reloaded> {
  const { graphOptions, transitionTools, log, show } = tools;
  const graph = buildGraph(blueprint, graphOptions, before.graph);
  show({ blueprint, graph });
  try {
    await transition(before.graph, graph, transitionTools);
    return difference(before.graph, graph);
  } catch (error) {
    if (!(error instanceof TransitionError)) throw error;
    log.warn(`the new configuration did not start, going back to the one before: ${error.message}`);
    const restored = buildGraph(before.blueprint, graphOptions, error.reached);
    show({ blueprint: before.blueprint, graph: restored });
    await transition(error.reached, restored, transitionTools, error.left);
    throw error.cause;
  }
}

function difference(before: Graph, after: Graph): Reloaded {
  const [old, now] = [nodesOf(before), nodesOf(after)];
  const nameOf = ({ stats: { kind, id } }: Node) => `${kind} ${id}`;
  const [gone, come] = [old.filter((node) => !now.includes(node)), now.filter((node) => !old.includes(node))].map(
    (nodes) => nodes.map(nameOf),
  );
  const replaced = come!.filter((name) => gone!.includes(name));
  return {
    started: come!.filter((name) => !replaced.includes(name)),
    stopped: gone!.filter((name) => !replaced.includes(name)),
    replaced,
    kept: now.length - come!.length,
  };
}
