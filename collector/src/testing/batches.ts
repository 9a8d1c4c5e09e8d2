// Batches for tests: every record can be told from every other.

import { type AnyMap, type AnyValue, type Batch, type Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";

/** `count` records with bodies `<prefix><from>` … and `log.record.uid` the same. */
export function testLogs(
  count: number,
  prefix = "record ",
  from = 0,
  resource: AnyMap = { "service.name": "test" },
): Logs {
  const builder = new LogsBuilder(resource, { name: "test" });
  for (let index = from; index < from + count; index++) {
    builder.add({
      timeMs: 1_700_000_000_000 + index,
      observedTimeMs: 1_700_000_000_000 + index,
      severityNumber: 9,
      severityText: "info",
      body: `${prefix}${index}`,
      attributes: { "log.record.uid": `${prefix}${index}` },
    });
  }
  return builder.build();
}

/** The bodies of a batch of logs, as text. */
export function bodiesOf(batch: Batch): string[] {
  return batch.signal === "logs" ? [...batch.records()].map(({ body }) => textOf(body)) : [];
}

function textOf(body: AnyValue): string {
  return typeof body === "object"
    ? JSON.stringify(body, (_, value) => (typeof value === "bigint" ? `${value}` : value))
    : `${body}`;
}
