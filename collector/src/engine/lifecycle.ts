// Start and stop in order. Data flows from receivers to exporters, so what takes data starts before what brings it, and stops
// after it: at no moment is a batch handed to something that is not there.

import type { Host, Log } from "../component/index.ts";
import type { ExporterNode, Graph, Node } from "./graph.ts";
import type { Stores } from "./stores/stores.ts";

/** A component could not start; the message names it and keeps its own words. */
export class StartError extends Error {
  override readonly name = "StartError";
  readonly code = "DEVMUX_START";

  constructor(node: Node, cause: unknown) {
    super(
      `failed to start ${node.stats.kind} "${node.stats.id}": ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

export function startOrder(graph: Graph): Node[] {
  return [...graph.extensions, ...graph.exporters, ...graph.connectors, ...graph.processors, ...graph.receivers];
}

/** What a component is started with: its own host, which knows whose the listeners are. */
export type HostOf = (node: Node) => Host;

export interface StartTools {
  readonly hostOf: HostOf;
  readonly stores: Stores;
}

/** Starts one after the other; throws StartError at the first that fails (the caller shuts down what runs). */
export async function startAll(graph: Graph, tools: StartTools): Promise<void> {
  for (const node of startOrder(graph)) await startNode(node, tools);
}

export async function startNode(node: Node, { hostOf, stores }: StartTools): Promise<void> {
  try {
    await node.component.start?.(hostOf(node));
    // Its storage is open before anything is received, and what it finds there goes to an exporter that runs.
    if ("queue" in node) await (node as ExporterNode).queue.start(stores);
  } catch (error) {
    throw new StartError(node, error);
  }
}

/** Never throws: a stop goes on to the end. */
export async function stopNode({ stats, component }: Node, log: Log, deadline: AbortSignal): Promise<void> {
  try {
    await component.shutdown?.(deadline);
  } catch (error) {
    log.error(`${stats.kind} ${stats.id} failed to shut down`, { error: String(error) });
  }
}

/** Receivers first, exporters when their queues are empty, extensions last. Never throws: a stop goes on to the end. */
export async function stopAll(graph: Graph, log: Log, deadline: AbortSignal): Promise<void> {
  const stop = (node: Node) => stopNode(node, log, deadline);
  await Promise.all(graph.receivers.map(stop));
  for (const node of [...graph.processors].reverse()) await stop(node);
  for (const node of [...graph.connectors].reverse()) await stop(node);
  await Promise.all(
    graph.exporters.map(async (node) => {
      await node.queue.shutdown(deadline);
      await stop(node);
    }),
  );
  for (const node of [...graph.extensions].reverse()) await stop(node);
}
