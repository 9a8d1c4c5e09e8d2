import { expect, test } from "vitest";
import { accepted, rejected, retryable } from "../../component/index.ts";
import { recordingConsumer, testConnector, testLogs, testSettings } from "../../testing/index.ts";
import { forwardConnectorFactory as factory } from "./factory.ts";

test.each(testConnector(factory))("$name", ({ run }) => run());

test("hands on the same batch, and gives back the verdict", async () => {
  const logs = recordingConsumer(retryable("full"), rejected("no"));
  const connector = factory.create(testSettings(), {}, { logs }, new Map());
  const batch = testLogs(2);
  expect(await connector.consume(batch)).toEqual(retryable("full"));
  expect(await connector.consume(batch)).toEqual(rejected("no"));
  expect(await connector.consume(batch)).toEqual(accepted);
  expect(logs.batches).toEqual([batch]);
});

test("a signal that no pipeline takes is rejected, not lost", async () => {
  const connector = factory.create(testSettings(), {}, {}, new Map());
  expect(await connector.consume(testLogs(1))).toEqual(
    rejected("no pipeline of logs names the connector as a receiver"),
  );
});
