// For the tests of components, ours and others': batches, doubles named after failures, a whole collector.

export { bodiesOf, testLogs } from "./batches.ts";
export type { RecordingExporter, TestSettings } from "./doubles.ts";
export { failingExporter, recordingExporter, silentLog, stuckExporter, testSettings } from "./doubles.ts";
export type { TestCollector } from "./harness.ts";
export { sinkFactory, startTestCollector, verdictFactory } from "./harness.ts";
export { freePort } from "./ports.ts";
