import { expect, test } from "vitest";
import { substituteEnvironment } from "./environment.ts";

const environment = { PORT: "8080", NAME: "app", EMPTY: "", NESTED: "${env:PORT}" };

function read(value: unknown) {
  return substituteEnvironment(value, environment).value;
}

test("replaces references, and gives a whole one the type that YAML reads", () => {
  expect(read({ port: "${env:PORT}", url: "http://${env:NAME}:${PORT}/" })).toEqual({
    port: 8080,
    url: "http://app:8080/",
  });
});

test("takes the default where the variable is not set, and $$ for a dollar", () => {
  expect(read(["${env:GONE:-x}", "${env:PORT:-1}", "cost: $$5", "$${env:PORT}"])).toEqual([
    "x",
    8080,
    "cost: $5",
    "${env:PORT}",
  ]);
});

test("does not replace in what it has put in", () => {
  expect(read("a${env:NESTED}")).toBe("a${env:PORT}");
});

test("names what is not set and what is malformed, with its path", () => {
  const { unset, problems } = substituteEnvironment(
    { a: ["${env:GONE}"], b: "${file:/etc/passwd} ${env:1x}" },
    environment,
  );
  expect(unset).toEqual(["GONE"]);
  expect(problems).toEqual([
    { path: "b", message: '${file:/etc/passwd}: unknown scheme "file"; expected env' },
    { path: "b", message: 'environment variable "1x" has invalid name: expected ^[a-zA-Z_][a-zA-Z0-9_]*$' },
  ]);
});

test.each([
  ["8080", 8080],
  ["-1.5e3", -1500],
  ["+7", 7],
  [".5", 0.5],
  ["0x1F", 31],
  ["0o17", 15],
  ["true", true],
  ["False", false],
  ["1.2.3", "1.2.3"],
  ["0b1", "0b1"],
  ["yes", "yes"],
  ["null", "null"],
  ["5s", "5s"],
  ["", ""],
])("a whole reference to %j reads as %j", (text, expected) => {
  expect(substituteEnvironment("${env:X}", { X: text }).value).toBe(expected);
});

test("keeps the text of what was given another type, by its path", () => {
  const { texts } = substituteEnvironment(
    { a: { pin: "${env:PIN}", name: "${env:NAME}" }, list: ["${PIN}"] },
    {
      PIN: "0042",
      NAME: "app",
    },
  );
  expect([...texts]).toEqual([
    ["a.pin", "0042"],
    ["list[0]", "0042"],
  ]);
});
