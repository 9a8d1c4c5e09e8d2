// What every processor and every connector keeps.

import { type Signal, signals } from "@chriscode/devmux-telemetry-protocol";
import type { ConnectorFactory, Consumer, Outputs, ProcessorFactory } from "../../component/index.ts";
import { type ContractCheck, describesItself } from "./check.ts";
import { consumerChecks } from "./consumer.ts";

/** Checks of a processor with this configuration, for each signal that it takes. */
export function testProcessor<Config>(factory: ProcessorFactory<Config>, config: object = {}): ContractCheck[] {
  return [
    describesItself(factory),
    ...factory.signals.flatMap((signal) =>
      consumerChecks(signal, (settings, sink) => factory.create(settings, factory.config.parse(config), sink)),
    ),
  ];
}

export interface ConnectorOptions {
  /** The signals that go in; all that the factory names, unless said. */
  readonly from?: readonly Signal[];
  /** Pipelines that name the connector as a receiver, by id; `logs`, `traces` and `metrics` unless said. */
  readonly pipelines?: readonly string[];
}

/** Checks of a connector with this configuration. All that it feeds ends in one sink. */
export function testConnector<Config>(
  factory: ConnectorFactory<Config>,
  config: object = {},
  options: ConnectorOptions = {},
): ContractCheck[] {
  const fed = (sink: Consumer) => new Map((options.pipelines ?? signals).map((id) => [id, sink] as const));
  const outputs = (sink: Consumer): Outputs => ({ logs: sink, traces: sink, metrics: sink });
  return [
    describesItself(factory),
    ...(options.from ?? factory.signals).flatMap((signal) =>
      consumerChecks(signal, (settings, sink) =>
        factory.create(settings, factory.config.parse(config), outputs(sink), fed(sink)),
      ),
    ),
  ];
}
