// A component enters the program as a factory: its type, the signals it takes, the schema of its config, how to make one.

import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import type { z } from "zod";
import type {
  Connector,
  Consumer,
  Exporter,
  Extension,
  ListenAddress,
  Output,
  Processor,
  Receiver,
  Settings,
} from "./component.ts";

interface FactoryOf<Kind extends string, Config> {
  readonly kind: Kind;
  /** `^[a-zA-Z][0-9a-zA-Z_]{0,62}$`, as in the OTel Collector. */
  readonly type: string;
  /** Other names by which a configuration may call it. */
  readonly aliases?: readonly string[];
  /** One line for `devmux telemetry components`. */
  readonly summary: string;
  /** Strict, with a default for every key: an empty object must parse. Keys and units as the OTel Collector's. */
  readonly config: z.ZodType<Config>;
  /** What it measures that the OTel Collector's component of this type does too, under that one's names. */
  readonly metrics?: readonly OwnMetric[];
  /** Where a component with this config will listen, so that what is claimed twice is found before the start. */
  claims?(config: Config, own: ListenAddress): readonly Claim[];
}

/** `counter` or `histogram` is the name that `settings.count` or `settings.measure` is called with. */
export type OwnMetric = {
  /** Without the exporter's suffixes: `otelcol_processor_batch_timeout_trigger_send`. */
  readonly name: string;
  readonly description: string;
  readonly unit: string;
} & ({ readonly counter: string } | { readonly histogram: string; readonly boundaries: readonly number[] });

/** An address that a component binds alone, or paths that it serves on a listener that others share. */
export interface Claim {
  /** The option that says so: `protocols.http.endpoint`. */
  readonly option: string;
  readonly address: ListenAddress;
  /** Absent: nobody else may listen there. */
  readonly routes?: readonly string[];
}

interface SignalFactoryOf<Kind extends string, Config> extends FactoryOf<Kind, Config> {
  readonly signals: readonly Signal[];
}

/** What a receiver or connector feeds, one for each signal that has a pipeline. */
export type Outputs = { readonly [S in Signal]?: Output };

export interface ReceiverFactory<Config = unknown> extends SignalFactoryOf<"receiver", Config> {
  create(settings: Settings, config: Config, outputs: Outputs): Receiver;
}

export interface ProcessorFactory<Config = unknown> extends SignalFactoryOf<"processor", Config> {
  create(settings: Settings, config: Config, next: Consumer): Processor;
}

export interface ExporterFactory<Config = unknown> extends SignalFactoryOf<"exporter", Config> {
  /** Where this exporter's sending queue differs from the engine's defaults. */
  readonly queue?: QueueDefaults;
  create(settings: Settings, config: Config): Exporter;
}

export interface ConnectorFactory<Config = unknown> extends SignalFactoryOf<"connector", Config> {
  /** Signals of the pipelines that it may feed for one that it is fed with. Absent: the same one. */
  feeds?(fed: Signal): readonly Signal[];
  /** Pipelines that a config names, which must have the connector as a receiver. */
  routes?(config: Config): readonly Route[];
  /** `pipelines`: those that name the connector as a receiver, by id, for one that chooses between them. */
  create(settings: Settings, config: Config, outputs: Outputs, pipelines: ReadonlyMap<string, Consumer>): Connector;
}

/** A pipeline that a connector's config names, and where. */
export interface Route {
  /** The option that says so: `table[0].pipelines[1]`. */
  readonly option: string;
  readonly pipeline: string;
}

export interface ExtensionFactory<Config = unknown> extends FactoryOf<"extension", Config> {
  /**
   * `storage`: what it creates is a `Storage`, and `sending_queue.storage` may name it. `authenticator`: an `Authenticator`, for
   * `auth.authenticator`.
   */
  readonly provides?: "storage" | "authenticator";
  create(settings: Settings, config: Config): Extension;
}

/** A batch is acknowledged to its client: at once when queued, or (`waitForResult`) when the first attempt has ended. */
export interface QueueDefaults {
  /** `block`: pressure goes back to the client. `drop_oldest`: for what is only looked at. */
  readonly whenFull?: "block" | "drop_oldest";
  readonly waitForResult?: boolean;
  /** Its batches wait in storage where the program that runs the collector has one by default. */
  readonly durable?: boolean;
  /** How much OTLP may wait in memory, such as `8MiB`; 64 MiB unless it says otherwise. */
  readonly memorySize?: string;
  readonly initialIntervalMs?: number;
  readonly maxIntervalMs?: number;
}

/** For a list of all kinds. Each factory's own schema checks what its `create` is given. */
export type AnyFactory = ReceiverFactory | ProcessorFactory | ExporterFactory | ConnectorFactory | ExtensionFactory;
