// Functions that make texts of texts. What is no string stays as it is, or is nil where nothing else makes sense.

import type { AnyValue } from "@chriscode/devmux-telemetry-protocol";
import type { FunctionDefinition } from "../context.ts";
import { boundedText, cut } from "../text-bounds.ts";
import { emptyMap, toText } from "../values.ts";

const concat: FunctionDefinition = {
  name: "Concat",
  usage: 'Concat([value, …], "separator")',
  arguments: [1, 2],
  gives: "value",
  create(given) {
    const values = given.list(0);
    const separator = given.count > 1 ? given.text(1) : "";
    return (subject) => boundedText(values.map((value) => toText(value(subject)) ?? "").join(separator), "Concat");
  },
};

const split: FunctionDefinition = {
  name: "Split",
  usage: 'Split(value, "separator")',
  arguments: [2, 2],
  gives: "value",
  create(given) {
    const value = given.value(0);
    const separator = given.text(1);
    return (subject) => {
      const text = value(subject);
      return typeof text === "string" ? text.split(separator, maxParts) : null;
    };
  },
};

/** Far below the number of values that a record may hold. */
const maxParts = 1_000;

const substring: FunctionDefinition = {
  name: "Substring",
  usage: "Substring(value, start, length)",
  arguments: [3, 3],
  gives: "value",
  create(given) {
    const value = given.value(0);
    const start = given.integer(1);
    const length = given.integer(2);
    return (subject) => {
      const text = value(subject);
      return typeof text === "string" ? cut(text.slice(start), length) : null;
    };
  },
};

const extractPatterns: FunctionDefinition = {
  name: "ExtractPatterns",
  usage: 'ExtractPatterns(value, "(?P<name>pattern)")',
  arguments: [2, 2],
  gives: "value",
  create(given) {
    const value = given.value(0);
    const pattern = given.pattern(1);
    return (subject) => {
      const text = value(subject);
      const groups = typeof text === "string" ? pattern.groups(text) : undefined;
      return Object.assign(emptyMap(), groups === undefined ? {} : Object.fromEntries(groups));
    };
  },
};

function change(name: string, to: (text: string) => string): FunctionDefinition {
  return {
    name,
    usage: `${name}(value)`,
    arguments: [1, 1],
    gives: "value",
    create(given) {
      const value = given.value(0);
      return (subject): AnyValue => {
        const text = value(subject);
        return typeof text === "string" ? to(text) : text;
      };
    },
  };
}

export const texts: readonly FunctionDefinition[] = [
  concat,
  split,
  substring,
  extractPatterns,
  change("ToLowerCase", (text) => text.toLowerCase()),
  change("ToUpperCase", (text) => text.toUpperCase()),
  change("Trim", (text) => text.trim()),
];
