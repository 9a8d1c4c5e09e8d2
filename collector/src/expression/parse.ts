// Tokens into a tree. `or` binds weakest, then `and`, then `not`, then a comparison of two values.

import { ExpressionError } from "./errors.ts";
import type { CallNode, Comparison, Key, Node, StatementNode } from "./syntax.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** Parentheses and calls in each other; the parser and the compiled closures use the stack. */
const maxDepth = 64;

const comparisons: readonly string[] = ["==", "!=", "<", "<=", ">", ">="];
const reserved: readonly string[] = ["and", "or", "not", "where", "nil", "true", "false"];

/** Throws ExpressionError. */
export function parseCondition(source: string): Node {
  const parser = new Parser(source);
  const node = parser.condition();
  parser.end('"and", "or" or the end');
  return node;
}

/** A call with an optional `where condition`. Throws ExpressionError. */
export function parseStatement(source: string): StatementNode {
  const parser = new Parser(source);
  const call = parser.statementCall();
  const where = parser.skip("where") ? parser.condition() : undefined;
  parser.end(where === undefined ? '"where" or the end' : '"and", "or" or the end');
  return { call, where };
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(source: string) {
    this.tokens = tokensOf(source);
  }

  private get token(): Token {
    return this.tokens[this.position]!;
  }

  private is(text: string): boolean {
    return (this.token.kind === "mark" || this.token.kind === "name") && this.token.text === text;
  }

  skip(text: string): boolean {
    if (!this.is(text)) return false;
    this.position++;
    return true;
  }

  private expect(text: string): void {
    if (!this.skip(text)) throw this.unexpected(`"${text}"`);
  }

  end(expected: string): void {
    if (this.token.kind !== "end") throw this.unexpected(expected);
  }

  private unexpected(expected: string): ExpressionError {
    const { kind, text, at } = this.token;
    const found = kind === "end" ? "the end" : kind === "text" ? `the text ${JSON.stringify(text)}` : `"${text}"`;
    return new ExpressionError(at, `expected ${expected}, got ${found}`);
  }

  private nested<T>(parse: () => T): T {
    if (++this.depth > maxDepth)
      throw new ExpressionError(this.token.at, `expected at most ${maxDepth} parentheses and calls inside each other`);
    const result = parse();
    this.depth--;
    return result;
  }

  condition(): Node {
    return this.joined("or", () => this.joined("and", () => this.negated()));
  }

  private joined(kind: "and" | "or", operand: () => Node): Node {
    const { at } = this.token;
    const operands = [operand()];
    while (this.skip(kind)) operands.push(operand());
    return operands.length === 1 ? operands[0]! : { kind, operands, at };
  }

  private negated(): Node {
    const { at } = this.token;
    if (!this.skip("not")) return this.comparison();
    return { kind: "not", operand: this.nested(() => this.negated()), at };
  }

  private comparison(): Node {
    const left = this.operand();
    const { text, at } = this.token;
    if (this.token.kind !== "mark" || !comparisons.includes(text)) return left;
    this.position++;
    return { kind: "compare", operator: text as Comparison, left, right: this.operand(), at };
  }

  private operand(): Node {
    if (!this.is("(")) return this.value();
    return this.nested(() => {
      this.expect("(");
      const node = this.condition();
      this.expect(")");
      return node;
    });
  }

  private value(): Node {
    const { token } = this;
    const { at } = token;
    if (token.kind === "number" || token.kind === "text") {
      this.position++;
      return { kind: "literal", value: token.kind === "number" ? token.value : token.text, at };
    }
    if (this.skip("nil")) return { kind: "literal", value: null, at };
    if (this.skip("true")) return { kind: "literal", value: true, at };
    if (this.skip("false")) return { kind: "literal", value: false, at };
    if (this.is("[")) return this.nested(() => ({ kind: "list", items: this.list("[", "]"), at }));
    if (this.is("{")) return this.nested(() => this.map(at));
    if (token.kind === "name" && !reserved.includes(token.text)) return this.pathOrCall();
    throw this.unexpected("a path, a text, a number, a function or a parenthesis");
  }

  private pathOrCall(): Node {
    const { text, at } = this.token;
    this.position++;
    if (this.is("(")) return this.call(text, at);
    let name = text;
    while (this.skip(".")) {
      if (this.token.kind !== "name") throw this.unexpected("a name after the dot");
      name += `.${this.token.text}`;
      this.position++;
    }
    return { kind: "path", name, keys: this.keys(), at };
  }

  statementCall(): CallNode {
    const { kind, text, at } = this.token;
    if (kind !== "name" || reserved.includes(text)) throw this.unexpected("a function such as set(path, value)");
    this.position++;
    if (!this.is("(")) throw this.unexpected(`"(" after ${text}`);
    return this.call(text, at);
  }

  private call(name: string, at: number): CallNode {
    return this.nested(() => {
      const values = this.list("(", ")");
      return { kind: "call", name, arguments: values, keys: this.keys(), at };
    });
  }

  private list(open: string, close: string): Node[] {
    this.expect(open);
    const items: Node[] = [];
    while (!this.skip(close)) {
      if (items.length > 0) this.expectComma(close);
      items.push(this.condition());
    }
    return items;
  }

  private expectComma(close: string): void {
    if (!this.skip(",")) throw this.unexpected(`"," or "${close}"`);
  }

  private map(at: number): Node {
    this.expect("{");
    const entries: [string, Node][] = [];
    while (!this.skip("}")) {
      if (entries.length > 0) this.expectComma("}");
      const { kind, text } = this.token;
      if (kind !== "text") throw this.unexpected("a key in quotes");
      this.position++;
      this.expect(":");
      entries.push([text, this.condition()]);
    }
    return { kind: "map", entries, at };
  }

  private keys(): Key[] {
    const keys: Key[] = [];
    while (this.skip("[")) {
      const { token } = this;
      const isIndex = token.kind === "number" && Number.isInteger(Number(token.value)) && Number(token.value) >= 0;
      if (token.kind !== "text" && !isIndex) throw this.unexpected("a key in quotes or an index");
      keys.push(token.kind === "text" ? token.text : Number((token as { value: number | bigint }).value));
      this.position++;
      this.expect("]");
    }
    return keys;
  }
}
