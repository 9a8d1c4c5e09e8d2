// The engine: a collector from a configuration and a list of factories.

export type { DevControl, DevTmuxAnswer, DevTmuxStatus } from "./api/dev.ts";
export type { ReloadAnswer } from "./api/routes.ts";
export type { Blueprint } from "./config/blueprint.ts";
export { createBlueprint } from "./config/blueprint.ts";
export type { DefaultConfigOptions } from "./config/defaults.ts";
export { defaultConfig } from "./config/defaults.ts";
export { substituteEnvironment } from "./config/environment.ts";
export type { OwnComponents, OwnComponentsOptions } from "./config/own-components.ts";
export { loadOwnComponents } from "./config/own-components.ts";
export type { Problem } from "./config/problems.ts";
export { ConfigError } from "./config/problems.ts";
export type { CollectorConfig } from "./config/shape.ts";
export { withDefaultStorage } from "./config/storage.ts";
export { connectorFactories } from "./connectors/index.ts";
export type { Collector, CollectorOptions, PipelineConfig } from "./engine/collector.ts";
export { createCollector } from "./engine/collector.ts";
export type { Diagnosis, PipelineDiagnosis, Step } from "./engine/doctor/doctor.ts";
export { doctorTimeoutMs } from "./engine/doctor/doctor.ts";
export { StartError } from "./engine/lifecycle.ts";
export type { Reloaded } from "./engine/reload.ts";
export type { ComponentStatus, PipelineStatus, StatusReport, StreamStatus } from "./engine/status.ts";
export { healthCheckFactory } from "./extensions/health_check/factory.ts";
export { bearerTokenAuthFactory, storageFactory } from "./extensions/index.ts";
export { createOwnAddresses, isLoopback, isWildcard } from "./http/addresses.ts";
export { ListenError } from "./http/listeners.ts";
export { processorFactories } from "./processors/index.ts";
export { devmuxReceiverFactory, otlpReceiverFactory, paneReceiverFactory } from "./receivers/index.ts";
