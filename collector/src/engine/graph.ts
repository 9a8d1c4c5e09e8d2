// From a blueprint to running parts: who feeds whom, built from the exporters back to the receivers.

import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import type { Component, Consumer, Log, Outputs, Streams } from "../component/index.ts";
import type { Blueprint } from "../config/blueprint.ts";
import type { PipelinePlan } from "../config/topology.ts";
import { createEntry } from "./entry.ts";
import { createFanout } from "./fanout.ts";
import { createSendingQueue, type SendingQueue } from "./sending-queue.ts";
import { createSettings } from "./settings.ts";
import { type ComponentStats, createStats } from "./stats.ts";

/** A component with the name that start errors and the status call it by. */
export interface Node {
  readonly stats: ComponentStats;
  readonly component: Component;
}

export interface ExporterNode extends Node {
  readonly queue: SendingQueue;
}

export interface Graph {
  readonly extensions: readonly Node[];
  readonly exporters: readonly ExporterNode[];
  readonly connectors: readonly Node[];
  /** Of all pipelines; within one, the last first, so that a processor starts after what it feeds. */
  readonly processors: readonly Node[];
  readonly receivers: readonly Node[];
}

/** Creates every component that a pipeline uses. Does no I/O; a configured component that no pipeline names is left out. */
export function buildGraph(blueprint: Blueprint, log: Log, streams: Streams): Graph {
  const exporters = new Map<string, ExporterNode>();
  const connectors = new Map<string, Node & { readonly consumer: Consumer }>();
  const processors: Node[] = [];
  /** First consumer of each pipeline, with the queues that are reachable from it. */
  const heads = new Map<PipelinePlan, { consumer: Consumer; queues: readonly SendingQueue[] }>();

  function settingsFor(kind: ComponentStats["kind"], id: string) {
    const stats = createStats(kind, id);
    return { stats, settings: createSettings(stats, log) };
  }

  function exporterNode(id: string): ExporterNode {
    const known = exporters.get(id);
    if (known) return known;
    const { factory, config, queue: options } = blueprint.exporters.get(id)!;
    const { stats, settings } = settingsFor("exporter", id);
    const component = factory.create(settings, config);
    const node = {
      stats,
      component,
      queue: createSendingQueue(component, createSettings(stats, log, "delivery"), stats, options),
    };
    exporters.set(id, node);
    return node;
  }

  /** What `id` feeds when it stands as a receiver: the heads of its pipelines, by signal and one by one. */
  function outputsOf(id: string): { outputs: Outputs; pipelines: Map<string, Consumer>; queues: SendingQueue[] } {
    const fed = blueprint.pipelines.filter(({ receivers }) => receivers.includes(id));
    const outputs: { [S in Signal]?: Consumer } = {};
    for (const signal of new Set(fed.map((pipeline) => pipeline.signal))) {
      const ofSignal = fed.filter((pipeline) => pipeline.signal === signal);
      outputs[signal] = createFanout(ofSignal.map((pipeline) => heads.get(pipeline)!.consumer));
    }
    const pipelines = new Map(fed.map((pipeline) => [pipeline.id, heads.get(pipeline)!.consumer]));
    return { outputs, pipelines, queues: [...new Set(fed.flatMap((pipeline) => heads.get(pipeline)!.queues))] };
  }

  function connectorNode(id: string): Node & { readonly consumer: Consumer } {
    const known = connectors.get(id);
    if (known) return known;
    const { factory, config } = blueprint.connectors.get(id)!;
    const { stats, settings } = settingsFor("connector", id);
    const { outputs, pipelines } = outputsOf(id);
    const component = factory.create(settings, config, outputs, pipelines);
    const node = { stats, component, consumer: component };
    connectors.set(id, node);
    return node;
  }

  function buildPipeline(pipeline: PipelinePlan): void {
    const ends = pipeline.exporters.map((id) => {
      if (!blueprint.connectors.has(id)) {
        const { queue } = exporterNode(id);
        return { consumer: queue as Consumer, queues: [queue] };
      }
      return { consumer: connectorNode(id).consumer, queues: outputsOf(id).queues };
    });
    let consumer = createFanout(ends.map((end) => end.consumer));
    for (const id of pipeline.processors.toReversed()) {
      const { factory, config } = blueprint.processors.get(id)!;
      const { stats, settings } = settingsFor("processor", `${id} (${pipeline.id})`);
      const component = factory.create(settings, config, consumer);
      processors.push({ stats, component });
      consumer = component;
    }
    heads.set(pipeline, { consumer, queues: ends.flatMap((end) => end.queues) });
  }

  function receiverNode(id: string): Node {
    const { factory, config } = blueprint.receivers.get(id)!;
    const { stats, settings } = settingsFor("receiver", id);
    const { outputs, queues } = outputsOf(id);
    const entries: { [S in Signal]?: Consumer } = {};
    for (const [signal, next] of Object.entries(outputs) as [Signal, Consumer][]) {
      entries[signal] = createEntry({ next, queues, stats, streams });
    }
    return { stats, component: factory.create(settings, config, entries) };
  }

  // The blueprint sorts a pipeline behind those that its connectors feed, so every output exists when it is asked for.
  for (const pipeline of blueprint.pipelines) buildPipeline(pipeline);
  const receiverIds = new Set(blueprint.pipelines.flatMap(({ receivers }) => receivers));
  const receivers = [...receiverIds].filter((id) => !blueprint.connectors.has(id)).map(receiverNode);
  const extensions = blueprint.serviceExtensions.map((id) => {
    const { factory, config } = blueprint.extensions.get(id)!;
    const { stats, settings } = settingsFor("extension", id);
    return { stats, component: factory.create(settings, config) };
  });
  return {
    extensions,
    exporters: [...exporters.values()],
    connectors: [...connectors.values()],
    processors,
    receivers,
  };
}
