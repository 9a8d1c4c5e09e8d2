// For the tests of components, ours and others': batches, doubles named after failures.

export { bodiesOf, testLogs } from "./batches.ts";
export type { RecordingExporter, TestSettings } from "./doubles.ts";
export { failingExporter, recordingExporter, silentLog, stuckExporter, testSettings } from "./doubles.ts";
