// JSON as people write it in a configuration: with comments, and a comma after the last entry. Says where it is wrong.

import { getNodeValue, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

export type JsoncResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

export function parseJsonc(text: string): JsoncResult {
  const errors: ParseError[] = [];
  const tree = parseTree(text.replace(/^\uFEFF/, " "), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const found = JSON.stringify(text.slice(first.offset, first.offset + Math.max(1, first.length)));
    return {
      ok: false,
      message: `${place(text, first.offset)}: ${describe(first)}, found ${found === '""' ? "the end of the file" : found}`,
    };
  }
  // Without an error there is a tree.
  return { ok: true, value: getNodeValue(tree!) };
}

/** `line 3, column 5`, both from 1. */
function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** `PropertyNameExpected` as `property name expected`. */
function describe({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}
