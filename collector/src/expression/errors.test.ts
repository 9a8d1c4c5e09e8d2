import { expect, test } from "vitest";
import { compileCondition } from "./condition.ts";
import { ExpressionError } from "./errors.ts";
import { compileRecordStatement, compileResourceStatement, contextOfStatement } from "./statement.ts";

function compileStatement(source: string): void {
  if (contextOfStatement(source) === "resource") compileResourceStatement(source);
  else compileRecordStatement(source);
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
  return "compiled";
}

test.each([
  ["severity_numbr == 1", 'column 1: unknown path "severity_numbr" of a log record; did you mean "severity_number"?'],
  ['body == "a" an true', 'column 13: expected "and", "or" or the end, got "an"'],
  ["body ==", "column 8: expected a path, a text, a number, a function or a parenthesis, got the end"],
  ["body = 1", 'column 6: unexpected "="; write "=="'],
  ["body == 1 && true", 'column 11: unexpected "&"; write "and"'],
  ["!true", 'column 1: unexpected "!"; write "not" or "!="'],
  ["body =~ 1", 'column 6: unexpected "="; write "=="'],
  ["body == 'a", "column 9: expected a closing ', got the end of the text"],
  ["(true", 'column 6: expected ")", got the end'],
  ["attributes[body] == 1", 'column 12: expected a key in quotes or an index, got "body"'],
  ["attributes[-1] == 1", 'column 12: expected a key in quotes or an index, got "-1"'],
  ['attributes["a" == 1', 'column 16: expected "]", got "=="'],
  ["body. == 1", 'column 7: expected a name after the dot, got "=="'],
  ["body", "column 1: expected a condition, got the path body; compare it, for example with != nil"],
  ["Len(body)", "column 1: expected a condition, got the value of Len; compare it, for example with != nil"],
  ['"a" and true', "column 1: expected a condition, got a literal; compare it, for example with != nil"],
  ["IsMacth(body, 'a')", 'column 1: unknown function "IsMacth"; did you mean "IsMatch"?'],
  ["IsMatch(body)", 'column 1: IsMatch takes 2 arguments, got 1; write IsMatch(value, "pattern")'],
  ["IsMatch(body, body)", 'column 15: expected a pattern in quotes as argument 2; write IsMatch(value, "pattern")'],
  [
    "IsMatch(body, '(a')",
    "column 15: invalid pattern: missing closing ): `(a` (RE2's syntax: no lookaround, no back-references)",
  ],
  [
    "IsMatch(body, '(?=a)')",
    "column 15: invalid pattern: invalid or unsupported Perl syntax: `(?=` (RE2's syntax: no lookaround, no back-references)",
  ],
  ["IsMatch(body 'a')", 'column 14: expected "," or ")", got the text "a"'],
  [
    'severity_number == "ERROR"',
    'column 20: expected a number: severity_number is a number and never equals "ERROR"; write SEVERITY_NUMBER_ERROR and the like',
  ],
  ["17 == severity_text", "column 1: expected a string: severity_text is a string and never equals 17"],
  [
    "severity_number == SEVERITY_NUMBER_ERRR",
    'column 20: unknown path "SEVERITY_NUMBER_ERRR" of a log record; did you mean "SEVERITY_NUMBER_ERROR"?',
  ],
  [
    "Substring(body, -1, 2) == 'a'",
    "column 17: expected a whole number as argument 2; write Substring(value, start, length)",
  ],
  ["not and", 'column 5: expected a path, a text, a number, a function or a parenthesis, got "and"'],
  ["", "column 1: expected a path, a text, a number, a function or a parenthesis, got the end"],
  ["body == 😀", 'column 9: unexpected "😀"'],
])("condition %s", (source, message) => {
  expect(messageOf(() => compileCondition(source))).toBe(message);
});

test.each([
  ["set(body)", "column 1: set takes 2 arguments, got 1; write set(path, value)"],
  ["sett(body, 1)", 'column 1: unknown function "sett"; did you mean "set"?'],
  ["Concat([body], '')", 'column 1: "Concat" gives a value and changes nothing; write set(path, Concat(…))'],
  ["set('a', 1)", "column 5: expected a path as argument 1; write set(path, value)"],
  ["set(trace_id, 'a')", "column 5: trace_id cannot be written: a batch keeps it as it came"],
  ["set(scope.name, 'a')", "column 5: scope.name cannot be written: a batch keeps it as it came"],
  ["set(resource.attributes['a'], body)", 'column 31: unknown path "body" of a resource (known: '],
  ["set(body, resource.attributes['a'], 1)", "column 1: set takes 2 arguments, got 3; write set(path, value)"],
  ["set(body, 1) were true", 'column 14: expected "where" or the end, got "were"'],
  ["set(body, 1) where", "column 19: expected a path, a text, a number, a function or a parenthesis, got the end"],
  ["body == 1", 'column 6: expected "(" after body, got "=="'],
  ["where true", 'column 1: expected a function such as set(path, value), got "where"'],
  [
    "keep_keys(attributes, 'a')",
    'column 23: expected a list of texts such as ["a", "b"] as argument 2; write keep_keys(attributes, ["key", …])',
  ],
  [
    "merge_maps(attributes, body, 'x')",
    'column 30: expected one of "insert", "update", "upsert" as argument 3; write merge_maps(attributes, ParseJSON(body), "upsert")',
  ],
  [
    "replace_pattern(body, '(a)', '$2')",
    "column 30: ${2} is no group: the pattern has 1 (${0} …); write $$ for a dollar sign",
  ],
  [
    "replace_pattern(body, 'a', '$constructor')",
    "column 28: ${constructor} is no group: the pattern has no groups; write $$ for a dollar sign",
  ],
])("statement %s", (source, message) => {
  expect(messageOf(() => compileStatement(source)).slice(0, message.length)).toBe(message);
});

test("a target of a resource in the context of records says where to write it", () => {
  expect(messageOf(() => compileRecordStatement("set(resource.attributes['a'], 'b')"))).toBe(
    'column 5: resource.attributes["a"] cannot be written: all records of a resource share it; use a statement whose target is resource.attributes',
  );
});

test("nesting and length are bounded", () => {
  expect(messageOf(() => compileCondition(`${"(".repeat(100)}true${")".repeat(100)}`))).toMatch(
    /expected at most 64 parentheses/,
  );
  expect(messageOf(() => compileCondition(`${"not ".repeat(100)}true`))).toMatch(/expected at most 64 parentheses/);
  expect(messageOf(() => compileCondition("true or ".repeat(2_000)))).toMatch(
    /expected at most 8192 characters, got 16000/,
  );
  expect(messageOf(() => compileCondition(`IsMatch(body, "${"a".repeat(1_001)}")`))).toMatch(
    /pattern of at most 1000 characters/,
  );
  expect(messageOf(() => compileCondition('IsMatch(body, "(a{100}){10}b{300}")'))).toMatch(
    /too large: expected at most 1000 instructions/,
  );
});
