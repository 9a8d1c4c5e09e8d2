// The contract suite, for the tests of every component, ours and others'.

export type { ContractCheck } from "./check.ts";
export { type ExporterOptions, testExporter } from "./exporter.ts";
export { testExtension } from "./extension.ts";
export { type ConnectorOptions, testConnector, testProcessor } from "./processor.ts";
export { type Send, testReceiver } from "./receiver.ts";
