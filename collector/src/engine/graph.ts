// From a blueprint to running parts: who feeds whom, built from the exporters back to the receivers. Built over an earlier graph
// it takes from there every part that the blueprint leaves as it was; nothing is led to the new parts before `connect`.

import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import type { AnyFactory, Component, Consumer, Log, Outputs, Streams } from "../component/index.ts";
import type { Blueprint, Planned, PlannedExporter } from "../config/blueprint.ts";
import type { PipelinePlan } from "../config/topology.ts";
import { createEntry, type Entry } from "./entry.ts";
import { createFanout } from "./fanout.ts";
import { type Probes, watchConsumer, watchExporter, watchProcessor } from "./probes.ts";
import { createReuse, sameNames } from "./reuse.ts";
import { createSendingQueue, type SendingQueue } from "./sending-queue.ts";
import { createSettings } from "./settings.ts";
import type { ComponentStats } from "./stats.ts";
import { createOutlets, createWire, leadOutlets, type Outlets, type Wire } from "./wire.ts";

/** A component with the name that start errors and the status call it by. */
export interface Node {
  readonly stats: ComponentStats;
  readonly component: Component;
  readonly plan: Planned<AnyFactory>;
}

export interface ExporterNode extends Node {
  readonly plan: PlannedExporter;
  readonly queue: SendingQueue;
}

interface ProcessorNode extends Node {
  readonly head: Consumer;
  readonly out: Wire;
}

interface ConnectorNode extends Node {
  readonly head: Consumer;
  readonly outlets: Outlets;
}

export interface ReceiverNode extends Node {
  readonly entries: { readonly [S in Signal]?: Entry };
}

/** Where a pipeline begins, and what a batch from there can reach. */
export interface Head {
  readonly consumer: Consumer;
  readonly queues: readonly SendingQueue[];
  readonly nodes: ReadonlySet<Node>;
}

export interface Graph {
  readonly extensions: readonly Node[];
  readonly exporters: readonly ExporterNode[];
  readonly connectors: readonly ConnectorNode[];
  /** Of all pipelines; within one, the last first, so that a processor starts after what it feeds. */
  readonly processors: readonly ProcessorNode[];
  readonly receivers: readonly ReceiverNode[];
  /** By pipeline. */
  readonly heads: ReadonlyMap<string, Head>;
  /** What a batch from a receiver can reach. */
  readonly reach: ReadonlyMap<Node, ReadonlySet<Node>>;
  /** Leads every part to what it feeds, at one moment. */
  connect(): void;
}

export interface GraphOptions {
  readonly log: Log;
  readonly streams: Streams;
  /** Told of every batch that comes in. */
  readonly arrived: (bytes: number) => void;
  readonly probes: Probes;
  /** By kind and id, of every component that there was: a component that is replaced goes on with its numbers. */
  readonly stats: Map<string, ComponentStats>;
}

/** Creates every component that a pipeline uses. Does no I/O; a configured component that no pipeline names is left out. */
export function buildGraph(
  blueprint: Blueprint,
  { log, streams, arrived, probes, stats: allStats }: GraphOptions,
  before?: Graph,
): Graph {
  const node = createReuse(before === undefined ? [] : nodesOf(before), allStats);
  const settingsOf = (stats: ComponentStats) => createSettings(stats, log, "component", probes);
  const extensions = blueprint.serviceExtensions.map(extensionNode);
  const exporters = new Map<string, ExporterNode>();
  const connectors = new Map<string, ConnectorNode>();
  const processors: ProcessorNode[] = [];
  const heads = new Map<string, Head>();
  const reach = new Map<Node, ReadonlySet<Node>>();
  const connections: (() => void)[] = [];

  function extensionNode(id: string): Node {
    const plan = blueprint.extensions.get(id)!;
    return node("extension", id, plan, (stats) => ({
      component: plan.factory.create(settingsOf(stats), plan.config),
    }));
  }

  /** What an exporter keeps its batches in must be what it was. */
  function keepsStorage({ queue: { storage } }: PlannedExporter): boolean {
    return (
      storage === undefined || extensions.some((each) => each.stats.id === storage && before?.extensions.includes(each))
    );
  }

  function exporterNode(id: string): ExporterNode {
    const made = exporters.get(id);
    if (made) return made;
    const plan = blueprint.exporters.get(id)!;
    const create = (stats: ComponentStats) => {
      const component = plan.factory.create(settingsOf(stats), plan.config);
      const settings = createSettings(stats, log, "delivery");
      return {
        component,
        queue: createSendingQueue(watchExporter(component, stats, probes), settings, stats, plan.queue),
      };
    };
    const built = node<ExporterNode>("exporter", id, plan, create, () => keepsStorage(plan));
    exporters.set(id, built);
    return built;
  }

  const fedBy = (id: string) => blueprint.pipelines.filter(({ receivers }) => receivers.includes(id));

  /** What `id` feeds when it stands as a receiver: the heads of its pipelines, by signal and one by one. */
  function outputsOf(id: string): {
    outputs: Outputs;
    byPipeline: Map<string, Consumer>;
    head: Omit<Head, "consumer">;
  } {
    const fed = fedBy(id).map((pipeline) => ({ ...pipeline, head: heads.get(pipeline.id)! }));
    const outputs: { [S in Signal]?: Consumer } = {};
    for (const signal of new Set(fed.map((pipeline) => pipeline.signal))) {
      const ofSignal = fed.filter((pipeline) => pipeline.signal === signal);
      outputs[signal] = createFanout(ofSignal.map(({ head }) => head.consumer));
    }
    const byPipeline = new Map(fed.map((pipeline) => [pipeline.id, pipeline.head.consumer]));
    return { outputs, byPipeline, head: merge(fed.map(({ head }) => head)) };
  }

  function connectorNode(id: string): ConnectorNode {
    const made = connectors.get(id);
    if (made) return made;
    const plan = blueprint.connectors.get(id)!;
    const { outputs, byPipeline } = outputsOf(id);
    const signals = Object.keys(outputs) as Signal[];
    const create = (stats: ComponentStats) => {
      const outlets = createOutlets(signals, byPipeline.keys(), stats);
      const settings = settingsOf(stats);
      const component = plan.factory.create(settings, plan.config, outlets.outputs, outlets.pipelines);
      return { component, outlets, head: watchConsumer(component, stats, probes) };
    };
    const fits = ({ outlets }: ConnectorNode) =>
      sameNames(Object.keys(outlets.outputs), signals) &&
      sameNames([...outlets.pipelines.keys()], [...byPipeline.keys()]);
    const built = node<ConnectorNode>("connector", id, plan, create, fits);
    connectors.set(id, built);
    connections.push(() => leadOutlets(built.outlets, outputs, byPipeline));
    return built;
  }

  function endOf(id: string): Head {
    if (!blueprint.connectors.has(id)) {
      const made = exporterNode(id);
      return { consumer: watchConsumer(made.queue, made.stats, probes), queues: [made.queue], nodes: new Set([made]) };
    }
    const made = connectorNode(id);
    const { head } = outputsOf(id);
    return { consumer: made.head, queues: head.queues, nodes: new Set([made, ...head.nodes]) };
  }

  function buildPipeline(pipeline: PipelinePlan): void {
    const ends = pipeline.exporters.map(endOf);
    const { queues, nodes } = merge(ends);
    const reached = new Set(nodes);
    let consumer = createFanout(ends.map((end) => end.consumer));
    for (const id of pipeline.processors.toReversed()) {
      const plan = blueprint.processors.get(id)!;
      const made = node<ProcessorNode>("processor", `${id} (${pipeline.id})`, plan, (stats) => {
        const out = createWire(stats);
        const component = plan.factory.create(settingsOf(stats), plan.config, out);
        return { component, out, head: watchProcessor(component, out, stats, probes) };
      });
      const next = consumer;
      connections.push(() => made.out.lead(next));
      processors.push(made);
      reached.add(made);
      consumer = made.head;
    }
    heads.set(pipeline.id, { consumer, queues, nodes: reached });
  }

  function receiverNode(id: string): ReceiverNode {
    const plan = blueprint.receivers.get(id)!;
    const { outputs, head } = outputsOf(id);
    const signals = Object.keys(outputs) as Signal[];
    const create = (stats: ComponentStats) => {
      const settings = settingsOf(stats);
      const entries = Object.fromEntries(
        signals.map((signal) => [signal, createEntry(stats, settings, streams, arrived)]),
      );
      return { entries, component: plan.factory.create(settings, plan.config, entries) };
    };
    const made = node<ReceiverNode>("receiver", id, plan, create, ({ entries }) =>
      sameNames(Object.keys(entries), signals),
    );
    reach.set(made, head.nodes);
    connections.push(() => {
      for (const signal of signals) made.entries[signal]!.lead(outputs[signal]!, head.queues);
    });
    return made;
  }

  // The blueprint sorts a pipeline behind those that its connectors feed, so every output exists when it is asked for.
  for (const pipeline of blueprint.pipelines) buildPipeline(pipeline);
  const receiverIds = new Set(blueprint.pipelines.flatMap(({ receivers }) => receivers));
  const receivers = [...receiverIds].filter((id) => !blueprint.connectors.has(id)).map(receiverNode);
  return {
    extensions,
    exporters: [...exporters.values()],
    connectors: [...connectors.values()],
    processors,
    receivers,
    heads,
    reach,
    connect() {
      for (const connection of connections) connection();
    },
  };
}

export function nodesOf({ extensions, exporters, connectors, processors, receivers }: Graph): Node[] {
  return [...extensions, ...exporters, ...connectors, ...processors, ...receivers];
}

function merge(heads: readonly Omit<Head, "consumer">[]): Omit<Head, "consumer"> {
  return {
    queues: [...new Set(heads.flatMap(({ queues }) => queues))],
    nodes: new Set(heads.flatMap(({ nodes }) => [...nodes])),
  };
}
