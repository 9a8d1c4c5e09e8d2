// Text into tokens, each with the place where it stands.

import { ExpressionError } from "./errors.ts";

export type Token =
  | { readonly kind: "name"; readonly text: string; readonly at: number }
  | { readonly kind: "text"; readonly text: string; readonly at: number }
  | { readonly kind: "number"; readonly text: string; readonly value: number | bigint; readonly at: number }
  | { readonly kind: "mark"; readonly text: string; readonly at: number }
  | { readonly kind: "end"; readonly text: ""; readonly at: number };

/** Far more than anyone writes by hand; keeps a generated one from costing start-up. */
const maxLength = 8_192;

const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /-?(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?)/y;
const mark = /==|!=|<=|>=|[<>()[\]{},.:]/y;

export function tokensOf(source: string): Token[] {
  if (source.length > maxLength)
    throw new ExpressionError(maxLength, `expected at most ${maxLength} characters, got ${source.length}`);
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    const char = source[at]!;
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    if (char === '"' || char === "'") {
      const { text, end } = readText(source, at);
      tokens.push({ kind: "text", text, at });
      at = end;
      continue;
    }
    const digits = take(number);
    const word = digits === undefined ? take(name) : undefined;
    const text = digits ?? word ?? take(mark);
    if (text === undefined) throw unexpected(source, at);
    if (digits !== undefined) tokens.push({ kind: "number", text, value: numberOf(digits), at });
    else tokens.push({ kind: word === undefined ? "mark" : "name", text, at });
    at += text.length;
  }
  tokens.push({ kind: "end", text: "", at: source.length });
  return tokens;
}

/** Signs that other languages have and this one writes otherwise. */
const instead: Readonly<Record<string, string>> = {
  "=": '"=="',
  "!": '"not" or "!="',
  "&": '"and"',
  "|": '"or"',
  "~": 'IsMatch(value, "pattern")',
};

function unexpected(source: string, at: number): ExpressionError {
  const char = String.fromCodePoint(source.codePointAt(at)!);
  const hint = instead[char];
  return new ExpressionError(at, `unexpected ${JSON.stringify(char)}${hint === undefined ? "" : `; write ${hint}`}`);
}

function numberOf(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(digits) ? BigInt(digits) : value;
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

/**
 * A quoted text, in " or ' (which needs no escape inside JSON). Escapes are \n \r \t \\ \" \' \xHH \uHHHH; any other
 * backslash stays, so that patterns can be written as they are: "\d+".
 */
function readText(source: string, start: number): { text: string; end: number } {
  const quote = source[start];
  let text = "";
  for (let at = start + 1; at < source.length; at++) {
    const char = source[at]!;
    if (char === quote) return { text, end: at + 1 };
    if (char !== "\\") {
      text += char;
      continue;
    }
    const next = source[++at] ?? "";
    const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(source.slice(at, at + 5));
    if (code) {
      text += String.fromCharCode(Number.parseInt(code[1] ?? code[2]!, 16));
      at += code[0].length - 1;
    } else text += escapes[next] ?? `\\${next}`;
  }
  throw new ExpressionError(start, `expected a closing ${quote}, got the end of the text`);
}
