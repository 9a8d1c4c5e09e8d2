import { describe, expect, test } from "vitest";
import { accepted, rejected, retryable, type Verdict } from "../../component/index.ts";
import { parseWith } from "../../config/schema.ts";
import { recordingConsumer, testLogs, testProcessor, testSettings } from "../../testing/index.ts";
import { filterProcessorFactory as factory } from "./factory.ts";

test.each(
  testProcessor(factory, { log_conditions: ["severity_number >= SEVERITY_NUMBER_WARN", 'IsMatch(body, "same")'] }),
)("$name", ({ run }) => run());

function filter(config: object, verdict: Verdict = accepted) {
  const settings = testSettings("filter");
  const next = recordingConsumer(verdict);
  return { settings, bodies: next.bodies, processor: factory.create(settings, factory.config.parse(config), next) };
}

test("what one condition matches goes, counted under the first that does; the rest stays in order", async () => {
  const { settings, bodies, processor } = filter({
    log_conditions: ['HasSuffix(body, "1")', 'HasSuffix(body, "2") or body == "record 1"'],
    logs: { log_record: ['body == "record 4"'] },
  });
  expect(await processor.consume(testLogs(6))).toEqual(accepted);
  expect(bodies).toEqual(["record 0", "record 3", "record 5"]);
  expect(Object.fromEntries(settings.drops)).toEqual({
    "log_conditions[0]": 1,
    "log_conditions[1]": 1,
    "logs.log_record[0]": 1,
  });
});

test("a batch that is turned back or rejected is not counted as dropped", async () => {
  for (const verdict of [retryable("full"), rejected("no")]) {
    const { settings, processor } = filter({ log_conditions: ['body == "record 0"'] }, verdict);
    expect(await processor.consume(testLogs(3))).toBe(verdict);
    expect(settings.drops.size).toBe(0);
  }
});

test("a batch of which nothing is left goes nowhere", async () => {
  const { bodies, settings, processor } = filter({ log_conditions: ["true"] }, retryable("never asked"));
  expect(await processor.consume(testLogs(3))).toEqual(accepted);
  expect(bodies).toEqual([]);
  expect(settings.drops.get("log_conditions[0]")).toBe(3);
});

describe("a record that a condition cannot be applied to", () => {
  const log_conditions = ['ParseJSON(body)["drop"] == true', 'body == "record 1"'];

  test.each(["ignore", "silent"])("%s: goes on, unless another condition matches", async (error_mode) => {
    const { settings, bodies, processor } = filter({ log_conditions, error_mode });
    expect(await processor.consume(testLogs(3))).toEqual(accepted);
    expect(bodies).toEqual(["record 0", "record 2"]);
    expect(settings.counters.get("expression_errors")).toBe(3);
  });

  test("propagate: is refused, the others go on", async () => {
    const { bodies, processor } = filter({
      log_conditions: ['body == "record 1"', log_conditions[0]],
      error_mode: "propagate",
    });
    const verdict = await processor.consume(testLogs(2));
    expect(verdict).toMatchObject({ kind: "accepted", refused: 1 });
    expect(bodies).toEqual([]);
  });
});

test("a condition that does not compile is a problem of the configuration, with its path and column", () => {
  const parsed = parseWith(factory.config, { log_conditions: ["true", "boddy == 1"] }, "processors.filter");
  expect(parsed).toEqual({
    ok: false,
    problems: [
      {
        path: "processors.filter.log_conditions[1]",
        message: 'column 1: unknown path "boddy" of a log record; did you mean "body"?',
      },
    ],
  });
});
