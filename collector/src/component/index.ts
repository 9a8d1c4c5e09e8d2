// What a component is written against; `@chriscode/devmux-telemetry-server/component` for those outside this package.

export { type AuthSchema, auth } from "../config/auth.ts";
export { listenAddress } from "../config/listen-address.ts";
export { type Refused, refused } from "../config/refused.ts";
export { duration, parseDuration, parseSize, size } from "../config/units.ts";
export { type ClientTls, clientTls, type ServerTls, serverTls } from "../tls/config.ts";
export { type ClientOptions, clientOptions, watchTls } from "../tls/material.ts";
export { type Authenticator, authenticatorOf } from "./authenticator.ts";
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
  ServerLimits,
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
