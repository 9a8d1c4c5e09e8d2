// What a component is written against; `@chriscode/devmux-telemetry-server/component` for those outside this package.

export { listenAddress } from "../config/listen-address.ts";
export { duration, parseDuration, parseSize, size } from "../config/units.ts";
export { mergeBatches } from "./batches.ts";
export type {
  Batch,
  CollectorHealth,
  Component,
  ComponentHealth,
  Connector,
  Consumer,
  Exporter,
  Extension,
  HealthState,
  Host,
  ListenAddress,
  Log,
  Mount,
  Output,
  Processor,
  Receiver,
  Settings,
  Signal,
} from "./component.ts";
export type {
  AnyFactory,
  Claim,
  ConnectorFactory,
  ExporterFactory,
  ExtensionFactory,
  Outputs,
  OwnMetric,
  ProcessorFactory,
  QueueDefaults,
  ReceiverFactory,
  Route,
} from "./factory.ts";
export type { BatchStore, ItemCounts, Storage, StoreEvents, TakeLimits, Taken } from "./storage.ts";
export { addItems, noItems, totalItems } from "./storage.ts";
export type { StreamChange, StreamIdentity, StreamInfo, Streams } from "./streams.ts";
export type { Accepted, Rejected, Retryable, Verdict } from "./verdict.ts";
export { accepted, partlyAccepted, rejected, retryable } from "./verdict.ts";
