import { Logs, LogsBuilder, streamOfResource } from "@chriscode/devmux-telemetry-protocol";
import { expect, test } from "vitest";
import { recordingConsumer, testProcessor, testSettings } from "../../testing/index.ts";
import { resourceProcessorFactory as factory } from "./factory.ts";

const config = {
  attributes: [
    { action: "upsert", key: "service.name", value: "renamed" },
    { action: "insert", key: "copy", from_attribute: "old" },
    { action: "delete", key: "old" },
  ],
};

test.each(testProcessor(factory, config))("$name", ({ run }) => run());

test("changes every resource and no record", async () => {
  const batches = ["a", "b"].map((old) => {
    const builder = new LogsBuilder({ "service.name": "x", old });
    builder.add({ body: old, attributes: { old: "record's own" } });
    return builder.build();
  });
  const next = recordingConsumer();
  await factory.create(testSettings(), factory.config.parse(config), next).consume(Logs.merge(batches));
  const records = [...Logs.fromProtobuf(next.batches[0]!.encode()).records()];
  expect(records.map(({ resource }) => ({ ...resource.attributes() }))).toEqual([
    { "service.name": "renamed", copy: "a" },
    { "service.name": "renamed", copy: "b" },
  ]);
  expect(records.map((record) => record.attribute("old"))).toEqual(["record's own", "record's own"]);
  expect(streamOfResource(records[0]!.resource.attributes()).name).toBe("otlp:renamed");
});
