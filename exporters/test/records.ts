// Batches for tests.

import { type AnyMap, type LogRecordInit, type Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";

export const noon: number = new Date(2026, 10, 21, 12, 34, 56, 789).getTime();

/** Records of one stream. What is not said: INFO, noon. */
export function batchOf(stream: string, records: readonly LogRecordInit[], resource: AnyMap = {}): Logs {
  const builder = new LogsBuilder({ "service.name": "app", "devmux.stream.name": stream, ...resource });
  for (const record of records) builder.add({ timeMs: noon, severityNumber: 9, severityText: "info", ...record });
  return builder.build();
}

/** Lines `<prefix>-<from>` …, with that as their uid too, as an SDK of ours sends them. */
export function numbered(stream: string, count: number, { from = 0, prefix = "client" } = {}): Logs {
  const records = Array.from({ length: count }, (_, index) => {
    const name = `${prefix}-${from + index}`;
    return { body: name, attributes: { "log.record.uid": name } };
  });
  return batchOf(stream, records);
}
