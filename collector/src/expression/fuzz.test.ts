// Whatever is written compiles or says why, and whatever compiles can be applied to any record or says why.

import { type AnyValue, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileCondition } from "./condition.ts";
import { EditableRecord } from "./editable.ts";
import { EvaluationError, ExpressionError } from "./errors.ts";
import { compileRecordStatement } from "./statement.ts";

const words = [
  "body",
  "attributes",
  '["a"]',
  "[0]",
  "resource.attributes",
  "severity_number",
  "stream",
  "scope.name",
  "==",
  "!=",
  "<",
  ">=",
  "and",
  "or",
  "not",
  "nil",
  "true",
  "1",
  "-2.5",
  '"text"',
  "'x'",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ".",
  ":",
  "IsMatch",
  "Len",
  "Concat",
  "ParseJSON",
  "String",
  "Int",
  "set",
  "delete_key",
  "keep_keys",
  "merge_maps",
  "truncate_all",
  "replace_pattern",
  "where",
  '"a+"',
  '"upsert"',
  "SEVERITY_NUMBER_WARN",
  "$",
  "\\",
];
const source = fc.oneof(
  fc.string(),
  fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join(" ")),
);
const value = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.string(),
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.bigInt(),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
  ),
})).value;

function recordOf(body: AnyValue, attribute: AnyValue) {
  const builder = new LogsBuilder({ a: attribute }, { name: "s" });
  builder.add({ severityNumber: 9, body, attributes: { a: attribute } });
  return [...builder.build().records()][0]!;
}

function attempt<T>(run: () => T, expected: typeof ExpressionError | typeof EvaluationError): T | undefined {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(expected);
    return undefined;
  }
}

test("conditions", () => {
  let compiled = 0;
  const check = (text: string, body: AnyValue, attribute: AnyValue) => {
    const condition = attempt(() => compileCondition(text), ExpressionError);
    if (condition === undefined) return;
    compiled++;
    attempt(() => expect(condition.matches(recordOf(body, attribute))).toBeTypeOf("boolean"), EvaluationError);
  };
  fc.assert(fc.property(source, value, value, check), { numRuns: 5_000 });
  for (const operator of ["==", "!=", "<", "<=", ">", ">="])
    for (const path of ['attributes["a"]', 'body["a"]', 'resource.attributes["a"][0]', "body"])
      fc.assert(
        fc.property(value, value, (body, attribute) => check(`${path} ${operator} attributes["a"]`, body, attribute)),
        { numRuns: 50 },
      );
  expect(compiled).toBeGreaterThan(1_000);
});

test("statements", () => {
  const calls = [
    'set(body, attributes["a"])',
    'set(body["a"], body)',
    "set(attributes, body)",
    'set(attributes["a"]["b"], body)',
    "set(severity_number, body)",
    'set(event_name, attributes["a"])',
    'delete_key(body, "a")',
    'keep_keys(body, ["a"])',
    'keep_matching_keys(attributes, "^a")',
    'merge_maps(attributes, body, "upsert")',
    'merge_maps(body, attributes, "insert")',
    'replace_pattern(body, "[a-z]", "<$0>")',
    'replace_all_patterns(body, "key", "a", "b")',
    "truncate_all(body, 1)",
    "limit(body, 1)",
    "set(body, ParseJSON(body))",
    "set(body, Concat([body, attributes]))",
    'set(body, Split(body, ""))',
  ];
  fc.assert(
    fc.property(fc.oneof(source, fc.constantFrom(...calls)), value, value, (text, body, attribute) => {
      const statement = attempt(() => compileRecordStatement(text), ExpressionError);
      if (statement === undefined) return;
      const record = new EditableRecord(recordOf(body, attribute));
      attempt(() => statement.run(record), EvaluationError);
      record.attributes();
      record.edit();
    }),
    { numRuns: 3_000 },
  );
});
