// For the tests of components, ours and others': batches, doubles named after failures, a whole collector.

export { bodiesOf, testLogs } from "./batches.ts";
export { type Certificate, makeCertificate, writeCertificates } from "./certificates.ts";
export type { ConnectorOptions, ContractCheck, ExporterOptions, Send } from "./contract/index.ts";
export { testConnector, testExporter, testExtension, testProcessor, testReceiver } from "./contract/index.ts";
export type { RecordingConsumer, RecordingExporter, TestSettings } from "./doubles.ts";
export {
  failingExporter,
  recordingConsumer,
  recordingExporter,
  silentLog,
  stuckExporter,
  testSettings,
} from "./doubles.ts";
export type { TestCollector } from "./harness.ts";
export { sinkFactory, startTestCollector, verdictFactory } from "./harness.ts";
export type { TestHost } from "./host.ts";
export { testHost } from "./host.ts";
export { freePort } from "./ports.ts";
