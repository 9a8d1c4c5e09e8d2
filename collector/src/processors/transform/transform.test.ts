import { type LogRecordInit, Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { expect, test } from "vitest";
import { accepted, type Batch } from "../../component/index.ts";
import { parseWith } from "../../config/schema.ts";
import { recordingConsumer, testProcessor, testSettings } from "../../testing/index.ts";
import { transformProcessorFactory as factory } from "./factory.ts";

test.each(
  testProcessor(factory, {
    log_statements: [
      'set(attributes["parsed"], ParseJSON(body))',
      'set(resource.attributes["env"], "dev")',
      {
        conditions: ['body == "the same every time"'],
        statements: ["set(body, ParseJSON(body))"],
        error_mode: "propagate",
      },
    ],
  }),
)("$name", ({ run }) => run());

function logs(...records: LogRecordInit[]): Logs {
  const builder = new LogsBuilder({ "service.name": "shop" });
  for (const record of records) builder.add(record);
  return builder.build();
}

async function through(config: object, batch: Batch) {
  const settings = testSettings();
  const next = recordingConsumer();
  const verdict = await factory.create(settings, factory.config.parse(config), next).consume(batch);
  const [out] = next.batches;
  // Read again from the bytes: what was written is what others see.
  const records = out === undefined ? [] : [...Logs.fromProtobuf(out.encode()).records()];
  return { settings, verdict, records, same: out === batch };
}

test("statements run in order, and each sees what the one before did", async () => {
  const { records } = await through(
    {
      log_statements: [
        'set(attributes["level"], ParseJSON(body)["level"])',
        'set(severity_number, SEVERITY_NUMBER_ERROR) where attributes["level"] == "error"',
        'set(severity_text, "ERROR") where severity_number == SEVERITY_NUMBER_ERROR',
        'set(body, ParseJSON(body)["message"])',
      ],
    },
    logs({
      severityNumber: 9,
      body: '{"level": "error", "message": "no"}',
      traceId: "0102030405060708090a0b0c0d0e0f10",
    }),
  );
  const [record] = records;
  expect(record).toMatchObject({ severityNumber: 17, severityText: "ERROR", body: "no" });
  expect(record!.traceId).toBe("0102030405060708090a0b0c0d0e0f10");
  expect(record!.attribute("level")).toBe("error");
});

test("records that nothing changes keep their bytes; a batch without a change is the same batch", async () => {
  const config = { log_statements: ['set(body, "changed") where body == "change me"'] };
  expect((await through(config, logs({ body: "a" }, { body: "b" }))).same).toBe(true);
  const { records } = await through(config, logs({ body: "a" }, { body: "change me" }));
  expect(records.map(({ body }) => body)).toEqual(["a", "changed"]);
});

test("a group asks its conditions once, before its statements", async () => {
  const group = {
    conditions: ['body == "a"', 'body == "x"'],
    statements: ['set(body, "b")', 'set(attributes["then"], body)'],
  };
  const { records } = await through({ log_statements: [group] }, logs({ body: "a" }, { body: "c" }));
  expect(records.map((record) => [record.body, record.attribute("then")])).toEqual([
    ["b", "b"],
    ["c", undefined],
  ]);
});

test("resources change once for each, by target or by context", async () => {
  const { records } = await through(
    {
      log_statements: [
        'set(resource.attributes["env"], Concat([resource.attributes["service.name"], "dev"], "-"))',
        {
          context: "resource",
          conditions: ['attributes["env"] == "shop-dev"'],
          statements: ['delete_key(attributes, "service.name")'],
        },
        'set(attributes["env"], resource.attributes["env"])',
      ],
    },
    logs({ body: "a" }, { body: "b" }),
  );
  expect({ ...records[0]!.resource.attributes() }).toEqual({ env: "shop-dev" });
  expect(records.map((record) => record.attribute("env"))).toEqual(["shop-dev", "shop-dev"]);
});

test("ignore: a statement that cannot be applied leaves the record to the next", async () => {
  const { records, settings, verdict } = await through(
    { log_statements: [{ statements: ["set(body, ParseJSON(body))", 'set(attributes["after"], true)'] }] },
    logs({ body: "no json" }, { body: "[1]" }),
  );
  expect(verdict).toEqual(accepted);
  expect(records.map((record) => [record.body, record.attribute("after")])).toEqual([
    ["no json", true],
    [[1], true],
  ]);
  expect(settings.counters.get("expression_errors")).toBe(1);
});

test("propagate: the record is refused, the others go on", async () => {
  const { records, verdict } = await through(
    { log_statements: ["set(body, ParseJSON(body))"], error_mode: "propagate" },
    logs({ body: "[1]" }, { body: "no json" }, { body: "[2]" }),
  );
  expect(verdict).toEqual({ kind: "accepted", refused: 1, reason: "a statement cannot be applied to them" });
  expect(records.map(({ body }) => body)).toEqual([[1], [2]]);
});

test("propagate over resources refuses the records of the resource", async () => {
  const bad = new LogsBuilder({ json: "no" });
  bad.add({ body: "bad" });
  const good = new LogsBuilder({ json: "{}" });
  good.add({ body: "good" });
  const { records, verdict } = await through(
    {
      log_statements: ['set(resource.attributes["json"], ParseJSON(resource.attributes["json"]))'],
      error_mode: "propagate",
    },
    Logs.merge([bad.build(), good.build(), logs({ body: "none" })]),
  );
  expect(verdict).toMatchObject({ refused: 2 });
  expect(records.map(({ body }) => body)).toEqual(["good"]);
});

test("every problem is reported, with its place", () => {
  const parsed = parseWith(
    factory.config,
    {
      log_statements: [
        "sett(body, 1)",
        { conditions: ["nothing"], statements: ["set(body, 1)", "set(boddy, 1)"] },
        { statements: [] },
        { statements: ["set(body, 1)"], condition: [] },
        { statements: ["set(body, 1)", 'set(resource.attributes["a"], 1)'] },
      ],
    },
    "processors.transform",
  );
  const found = parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
  expect(found).toEqual([
    'processors.transform.log_statements[0].statements[0]: column 1: unknown function "sett"; did you mean "set"?',
    expect.stringMatching(
      /^processors.transform.log_statements\[1\].conditions\[0\]: column 1: unknown path "nothing"/,
    ),
    'processors.transform.log_statements[1].statements[1]: column 5: unknown path "boddy" of a log record; did you mean "body"?',
    "processors.transform.log_statements[2].statements: expected at least one statement, got a list",
    expect.stringMatching(/^processors.transform.log_statements\[3\].condition: unknown key "condition"/),
    expect.stringMatching(
      /^processors.transform.log_statements\[4\].statements\[1\]: column 5: resource.attributes\["a"\] cannot be written/,
    ),
  ]);
});
