// From a user's configuration to a blueprint: every component with its factory and parsed config, every pipeline's order.

import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import { signals } from "@chriscode/devmux-telemetry-protocol";
import type { ListenAddress } from "../component/component.ts";
import type {
  AnyFactory,
  ConnectorFactory,
  ExporterFactory,
  ExtensionFactory,
  ProcessorFactory,
  ReceiverFactory,
} from "../component/factory.ts";
import { checkAuth } from "./auth.ts";
import { checkClaims } from "./claims.ts";
import { isModulePath, parseId } from "./ids.ts";
import { suggestion } from "./nearest.ts";
import { ConfigError, joinPath, type Problem } from "./problems.ts";
import { type QueueOptions, queueKeys, queueOptionsSchema } from "./queue-options.ts";
import { salvage } from "./salvage.ts";
import { parseWith, type Texts } from "./schema.ts";
import { type CollectorShape, collectorShape, type Kind, kinds, sectionOf } from "./shape.ts";
import { checkStorage } from "./storage.ts";
import { checkTopology, type PipelinePlan } from "./topology.ts";

export interface Planned<Factory> {
  readonly id: string;
  readonly factory: Factory;
  readonly config: unknown;
  /** What `config` was read from; two components with equal options are the same. */
  readonly options: unknown;
}

export interface PlannedExporter extends Planned<ExporterFactory> {
  readonly queue: QueueOptions;
}

export interface Blueprint {
  readonly receivers: ReadonlyMap<string, Planned<ReceiverFactory>>;
  readonly processors: ReadonlyMap<string, Planned<ProcessorFactory>>;
  readonly exporters: ReadonlyMap<string, PlannedExporter>;
  readonly connectors: ReadonlyMap<string, Planned<ConnectorFactory>>;
  readonly extensions: ReadonlyMap<string, Planned<ExtensionFactory>>;
  /** Those that a connector feeds stand before those that feed it. */
  readonly pipelines: readonly PipelinePlan[];
  /** In the order in which they start. */
  readonly serviceExtensions: readonly string[];
  /** What could have been used. */
  readonly factories: readonly AnyFactory[];
}

export interface BlueprintOptions {
  /** Where the configuration stands in the user's file; "" where it is a file of its own. */
  readonly basePath?: string;
  /** See environment.ts; by paths within the configuration. */
  readonly texts?: Texts;
  /** The collector's own port, which components share or must leave alone. */
  readonly address?: ListenAddress;
}

/** Throws ConfigError with every problem that there is. */
export function createBlueprint(
  raw: unknown,
  factories: readonly AnyFactory[],
  { basePath = "", texts = new Map(), address = { host: "127.0.0.1", port: 0 } }: BlueprintOptions = {},
): Blueprint {
  const given = parseWith(collectorShape, raw ?? {}, basePath);
  const problems: Problem[] = given.ok ? [] : given.problems.map((problem) => inOurWords(problem, basePath));
  const shape = given.ok ? given : parseWith(collectorShape, salvage(raw), basePath);
  if (!shape.ok) throw new ConfigError(problems);
  const textsInFile = new Map([...texts].map(([path, text]) => [joinPath(basePath, path === "" ? [] : [path]), text]));
  const planned = planComponents(shape.value, factories, basePath, textsInFile, problems);
  const pipelines = readPipelines(shape.value, basePath, problems);
  const serviceExtensions = shape.value.service.extensions;
  serviceExtensions.forEach((id, index) => {
    if (id in shape.value.extensions) return;
    const known = Object.keys(shape.value.extensions);
    problems.push({
      path: joinPath(basePath, ["service", "extensions", index]),
      message: `"${id}" is not configured${suggestion(id, known)}`,
    });
  });
  const ordered = checkTopology(pipelines, planned, shape.value, basePath, problems);
  checkClaims({ ...planned, pipelines, serviceExtensions }, address, basePath, problems);
  checkStorage({ ...planned, serviceExtensions }, basePath, problems);
  checkAuth({ ...planned, serviceExtensions }, basePath, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...planned, pipelines: ordered, serviceExtensions, factories };
}

/** Who knows the OTel Collector writes this; here it needs no configuration. */
function inOurWords(problem: Problem, basePath: string): Problem {
  if (problem.path !== joinPath(basePath, ["service", "telemetry"])) return problem;
  const message =
    "is not configured here: the collector's log is collector.log in its state directory, its metrics are at /metrics of its own port; leave this out";
  return { ...problem, message };
}

export type PlannedComponents = Omit<Blueprint, "pipelines" | "serviceExtensions" | "factories">;

function planComponents(
  shape: CollectorShape,
  factories: readonly AnyFactory[],
  basePath: string,
  texts: Texts,
  problems: Problem[],
): PlannedComponents {
  const maps: Record<Kind, Map<string, Planned<AnyFactory>>> = {
    receiver: new Map(),
    processor: new Map(),
    exporter: new Map(),
    connector: new Map(),
    extension: new Map(),
  };
  for (const kind of kinds) {
    const ofKind = factories.filter((factory) => factory.kind === kind);
    for (const [text, config] of Object.entries(shape[sectionOf(kind)])) {
      const path = joinPath(basePath, [sectionOf(kind), text]);
      const id = parseId(text);
      if (typeof id === "string") {
        problems.push({ path, message: id });
        continue;
      }
      const factory = ofKind.find(({ type, aliases }) => type === id.type || aliases?.includes(id.type));
      if (factory === undefined && isModulePath(id.type)) {
        problems.push({ path, message: `the ${kind} "${id.type}" is not loaded` });
        continue;
      }
      if (factory === undefined) {
        const known = ofKind.map(({ type }) => type);
        problems.push({ path, message: `unknown ${kind} type "${id.type}"${suggestion(id.type, known)}` });
        continue;
      }
      const plan = planOne(id.id, factory, config ?? {}, path, texts, problems);
      if (plan !== undefined) maps[kind].set(id.id, plan);
    }
  }
  return {
    receivers: maps.receiver as Map<string, Planned<ReceiverFactory>>,
    processors: maps.processor as Map<string, Planned<ProcessorFactory>>,
    exporters: maps.exporter as Map<string, PlannedExporter>,
    connectors: maps.connector as Map<string, Planned<ConnectorFactory>>,
    extensions: maps.extension as Map<string, Planned<ExtensionFactory>>,
  };
}

function planOne(
  id: string,
  factory: AnyFactory,
  config: unknown,
  path: string,
  texts: Texts,
  problems: Problem[],
): Planned<AnyFactory> | undefined {
  const [own, engine] = factory.kind === "exporter" ? splitQueueKeys(config) : [config, {}];
  const parsed = parseWith<unknown>(factory.config, own, path, texts);
  const queue =
    factory.kind === "exporter" ? parseWith(queueOptionsSchema(factory.queue, engine), engine, path, texts) : undefined;
  for (const result of [parsed, queue]) if (result?.ok === false) problems.push(...result.problems);
  if (!parsed.ok || queue?.ok === false) return undefined;
  const plan: Planned<AnyFactory> = { id, factory, config: parsed.value, options: config };
  return queue ? Object.assign(plan, { queue: queue.value }) : plan;
}

function splitQueueKeys(config: unknown): [unknown, Record<string, unknown>] {
  if (typeof config !== "object" || config === null || Array.isArray(config)) return [config, {}];
  const own: Record<string, unknown> = { ...config };
  const engine: Record<string, unknown> = {};
  for (const key of queueKeys) {
    if (key in own) engine[key] = own[key];
    delete own[key];
  }
  return [own, engine];
}

function readPipelines(shape: CollectorShape, basePath: string, problems: Problem[]): PipelinePlan[] {
  const plans: PipelinePlan[] = [];
  for (const [text, lists] of Object.entries(shape.service.pipelines)) {
    const id = parseId(text);
    const path = joinPath(basePath, ["service", "pipelines", text]);
    if (typeof id === "string") problems.push({ path, message: id });
    else if (!signals.includes(id.type as Signal)) {
      problems.push({ path, message: `unknown signal "${id.type}"${suggestion(id.type, signals)}` });
    } else plans.push({ id: id.id, signal: id.type as Signal, path, ...lists });
  }
  if (plans.length === 0 && problems.length === 0) {
    problems.push({
      path: joinPath(basePath, ["service", "pipelines"]),
      message: "service must have at least one pipeline",
    });
  }
  return plans;
}
