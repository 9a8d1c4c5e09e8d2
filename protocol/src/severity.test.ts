import { expect, test } from "vitest";
import {
  type ConsoleLevel,
  consoleSeverity,
  parseSeverity,
  queueSeverity,
  severityName,
  severityRange,
  uncaughtSeverity,
} from "./severity.ts";

test.each<[ConsoleLevel, number, string]>([
  ["trace", 1, "info"],
  ["debug", 5, "info"],
  ["log", 9, "info"],
  ["info", 9, "info"],
  ["warn", 13, "warning"],
  ["error", 17, "error"],
])("console.%s is severity %i, for the queue %s", (level, number, queue) => {
  expect(consoleSeverity(level)).toEqual({ number, text: level });
  expect(queueSeverity(number)).toBe(queue);
});

test("uncaught errors are severity 17, error", () => {
  expect(uncaughtSeverity).toEqual({ number: 17, text: "error" });
});

test("the 24 numbers have the data model's names, and each name parses to its number", () => {
  const names = Array.from({ length: 24 }, (_, index) => severityName(index + 1));
  expect(names.join(" ")).toBe(
    "TRACE TRACE2 TRACE3 TRACE4 DEBUG DEBUG2 DEBUG3 DEBUG4 INFO INFO2 INFO3 INFO4 " +
      "WARN WARN2 WARN3 WARN4 ERROR ERROR2 ERROR3 ERROR4 FATAL FATAL2 FATAL3 FATAL4",
  );
  names.forEach((name, index) => {
    expect(parseSeverity(name)).toBe(index + 1);
  });
});

test.each([0, -1, 25, Number.NaN, Number.POSITIVE_INFINITY])("%d is unspecified", (number) => {
  expect(severityRange(number)).toBe("unspecified");
  expect(severityName(number)).toBe("UNSPECIFIED");
  expect(queueSeverity(number)).toBe("info");
});

test("fatal is an error for the queue", () => {
  expect(queueSeverity(24)).toBe("error");
});

test.each<[string, number | undefined]>([
  [" Warning ", 13],
  ["err", 17],
  ["critical", 21],
  ["log", 9],
  ["13", 13],
  ["24", 24],
  ["0", undefined],
  ["25", undefined],
  ["warn5", undefined],
  ["constructor", undefined],
  ["", undefined],
])("parseSeverity(%j) is %s", (text, number) => {
  expect(parseSeverity(text)).toBe(number);
});
