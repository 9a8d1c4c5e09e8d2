// From one graph to another while batches pass: what goes is stopped, what comes is started, what stays is not touched. Clients whose
// batches could reach a part that goes are held back for that time; the others notice nothing.

import type { Batch, Log } from "../component/index.ts";
import type { ExporterNode, Graph, Node } from "./graph.ts";
import { nodesOf } from "./graph.ts";
import { type StartTools, startNode, startOrder, stopNode } from "./lifecycle.ts";

export interface TransitionTools extends StartTools {
  readonly log: Log;
  /** How long a part that goes may take to hand on what it holds. */
  readonly patienceMs: number;
  /** The routes and addresses of a part are given up. */
  release(node: Node): void;
  /** Makes mounted and released routes take effect. */
  listen(): Promise<void>;
}

/** A part of the new graph could not be started. `reached` is what runs now: what both graphs have, and what had started. */
export class TransitionError extends Error {
  override readonly name = "TransitionError";
  readonly reached: Graph;
  /** Of exporters that have nobody to send for them at the moment, by id. */
  readonly left: ReadonlyMap<string, Batch[]>;

  constructor(cause: unknown, reached: Graph, left: ReadonlyMap<string, Batch[]>) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.reached = reached;
    this.left = left;
  }
}

/** `left`: batches of an earlier transition that failed, by the exporter's id. */
export async function transition(
  from: Graph,
  to: Graph,
  tools: TransitionTools,
  left: ReadonlyMap<string, Batch[]> = new Map(),
): Promise<void> {
  const [before, after] = [new Set(nodesOf(from)), new Set(nodesOf(to))];
  const goes = (node: Node) => !after.has(node);
  const running = new Set(nodesOf(to).filter((node) => before.has(node)));
  const batches = new Map(left);
  const open = holdBack(from, goes);
  try {
    for (const [id, rest] of await stopParts(from, to, goes, tools))
      batches.set(id, [...(batches.get(id) ?? []), ...rest]);
    const comes = startOrder(to).filter((node) => !before.has(node));
    const receivers = new Set<Node>(to.receivers);
    for (const node of comes.filter((each) => !receivers.has(each))) {
      await start(node, tools);
      running.add(node);
      if ("queue" in node) await adopt(node as ExporterNode, batches);
    }
    to.connect();
    for (const node of comes.filter((each) => receivers.has(each))) {
      await start(node, tools);
      running.add(node);
    }
    await tools.listen();
  } catch (error) {
    throw new TransitionError(error, only(to, running), batches);
  } finally {
    open();
  }
}

async function start(node: Node, tools: TransitionTools): Promise<void> {
  // What the one before it said of itself says nothing of this one.
  node.stats.health.clear();
  try {
    await startNode(node, tools);
  } catch (error) {
    // It may have come half the way: what it holds, a port or its routes, is given back before what ran before runs again.
    await stopNode(node, tools.log, AbortSignal.timeout(tools.patienceMs));
    tools.release(node);
    throw error;
  }
}

async function adopt({ stats, queue }: ExporterNode, batches: Map<string, Batch[]>): Promise<void> {
  await queue.adopt(batches.get(stats.id) ?? []);
  batches.delete(stats.id);
}

function holdBack({ receivers, reach }: Graph, goes: (node: Node) => boolean): () => void {
  const affected = receivers.filter((node) => [...(reach.get(node) ?? [])].some(goes));
  const releases = affected.flatMap(({ entries }) => Object.values(entries).map((entry) => entry.hold()));
  return () => {
    for (const release of releases) release();
  };
}

/** In the order of a stop: what brings data before what takes it. Gives what exporters that are replaced could not send. */
async function stopParts(
  from: Graph,
  to: Graph,
  goes: (node: Node) => boolean,
  { log, patienceMs, release }: TransitionTools,
): Promise<[string, Batch[]][]> {
  const deadline = AbortSignal.timeout(patienceMs);
  const stop = async (node: Node) => {
    await stopNode(node, log, deadline);
    release(node);
  };
  await Promise.all(from.receivers.filter(goes).map(stop));
  for (const node of from.processors.filter(goes).reverse()) await stop(node);
  for (const node of from.connectors.filter(goes).reverse()) await stop(node);
  const rest = await Promise.all(
    from.exporters.filter(goes).map(async (node): Promise<[string, Batch[]]> => {
      const { id } = node.stats;
      const replaced = to.exporters.some(({ stats }) => stats.id === id);
      const unsent = replaced ? await node.queue.handOver(deadline) : await drop(node, deadline);
      await stop(node);
      return [id, unsent];
    }),
  );
  for (const node of from.extensions.filter(goes).reverse()) await stop(node);
  return rest;
}

async function drop({ queue }: ExporterNode, deadline: AbortSignal): Promise<Batch[]> {
  await queue.shutdown(deadline);
  return [];
}

function only(graph: Graph, running: ReadonlySet<Node>): Graph {
  const runs = <T extends Node>(nodes: readonly T[]) => nodes.filter((node) => running.has(node));
  return {
    ...graph,
    extensions: runs(graph.extensions),
    exporters: runs(graph.exporters),
    connectors: runs(graph.connectors),
    processors: runs(graph.processors),
    receivers: runs(graph.receivers),
  };
}
