import { Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { expect, test } from "vitest";
import type { Batch } from "../../component/index.ts";
import { recordingConsumer, testProcessor, testSettings } from "../../testing/index.ts";
import { attributesProcessorFactory as factory } from "./factory.ts";

const config = {
  conditions: ["severity_number >= SEVERITY_NUMBER_WARN"],
  actions: [
    { action: "upsert", key: "seen", value: true },
    { action: "delete", pattern: "^secret" },
  ],
};

test.each(testProcessor(factory, config))("$name", ({ run }) => run());

async function through(batch: Batch): Promise<Batch> {
  const next = recordingConsumer();
  await factory.create(testSettings(), factory.config.parse(config), next).consume(batch);
  return next.batches[0]!;
}

test("changes the records that a condition matches, and shares the bytes of all others", async () => {
  const builder = new LogsBuilder({ a: 1 });
  builder.add({ severityNumber: 9, body: "low", attributes: { secret: 1 } });
  builder.add({ severityNumber: 17, body: "high", attributes: { secret_key: "x", other: 2 } });
  const batch = builder.build();
  const out = (await through(batch)) as Logs;
  expect([...out.records()].map((record) => ({ ...record.attributes() }))).toEqual([
    { secret: 1 },
    { other: 2, seen: true },
  ]);
  expect(Logs.fromProtobuf(out.encode()).itemCount).toBe(2);
});

test("a batch in which nothing matches goes on as the same batch", async () => {
  const builder = new LogsBuilder({});
  builder.add({ severityNumber: 9, attributes: { secret: 1 } });
  const batch = builder.build();
  expect(await through(batch)).toBe(batch);
});
