// OTLP/JSON to protobuf in one pass over the bytes, by the schema's tables. Items that are wrong are left out and counted, all
// others are taken.

import type { Limits } from "../limits.ts";
import { anyValue, arrayValue, keyValue, keyValueList } from "../schema/common.ts";
import { type Field, lengthDelimited, type Message } from "../schema/message.ts";
import type { Levels } from "../schema/signals.ts";
import type { Halves } from "../wire/int64.ts";
import { Writer } from "../wire/writer.ts";
import { Fault } from "./fault.ts";
import { Lexer } from "./lexer.ts";
import { quickScalar } from "./quick.ts";
import { isDefault, ScalarWriter } from "./scalars.ts";
import { writeString } from "./strings.ts";

export interface Transcoded {
  readonly bytes: Uint8Array;
  readonly rejected: number;
  readonly message: string | undefined;
}

/** Throws OtlpError where the text is no JSON, Fault where it is no request. */
export function transcode(json: Uint8Array, levels: Levels, limits: Limits): Transcoded {
  return new JsonReader(json, levels, limits).run();
}

/** Bytes for which room is made first, of an item and of other messages. */
const usualItem = 300;
const usualMessage = 64;

class JsonReader {
  private readonly levels: Levels;
  private readonly limits: Limits;
  private readonly lexer: Lexer;
  private readonly writer: Writer;
  private readonly scalars: ScalarWriter;
  private readonly halves: Halves = { lo: 0, hi: 0 };
  /** Expected size of the request in protobuf, which takes 0.4 to 0.6 of the space of JSON. */
  private readonly size: number;
  /** Where the reader is: index of the resource, of the scope in it, of the item in this. */
  private readonly places = [0, 0, 0];
  private values = 0;
  private rejected = 0;
  private firstFault: Fault | undefined;

  constructor(json: Uint8Array, levels: Levels, limits: Limits) {
    this.levels = levels;
    this.limits = limits;
    this.lexer = new Lexer(json);
    this.size = Math.ceil(json.length / 2);
    this.writer = new Writer(this.size + 64);
    this.scalars = new ScalarWriter(this.writer);
  }

  run(): Transcoded {
    const { lexer } = this;
    const start = lexer.pos;
    try {
      this.group(this.levels.request, this.levels.request.fields[0]!, 0);
    } catch (fault) {
      // What is no JSON is said to be that, wherever its first fault is.
      lexer.pos = start;
      lexer.skip();
      lexer.end();
      throw fault;
    }
    lexer.end();
    return { bytes: this.writer.slice(), rejected: this.rejected, message: this.firstFault?.toString() };
  }

  /** A request, or the resource or scope at hand; its children are taken or left out one by one. */
  private group(message: Message, children: Field, level: number): void {
    const { lexer } = this;
    if (!lexer.atObject) throw this.fault("an object");
    this.values = 0;
    for (let more = lexer.enterObject(); more; more = lexer.anotherMember()) {
      const field = this.key(message);
      if (field === undefined) lexer.skip();
      else if (lexer.takeNull()) continue;
      else if (field === children) this.children(field, level);
      else this.field(field, 0);
    }
  }

  private children(field: Field, level: number): void {
    const { lexer } = this;
    if (!lexer.atArray) {
      const fault = this.fault("an array");
      fault.path.unshift(field.name);
      throw fault;
    }
    let index = 0;
    for (let more = lexer.enterArray(); more; more = lexer.anotherElement()) {
      this.places[level] = index++;
      this.child(field, level);
    }
  }

  private child(field: Field, level: number): void {
    const { lexer, writer } = this;
    const message = field.message!;
    const before = { read: lexer.pos, written: writer.pos, rejected: this.rejected };
    const isItem = message === this.levels.item;
    const expected = isItem ? usualItem : this.size;
    try {
      writer.byte(field.tag);
      const begun = writer.begin(expected);
      if (isItem) this.item(message);
      else this.group(message, message.byNumber[2]!, level + 1);
      writer.end(begun, expected);
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      writer.pos = before.written;
      lexer.pos = before.read;
      this.reject(fault, level);
      this.rejected = before.rejected + this.countItems(message);
    }
  }

  private item(message: Message): void {
    this.values = 0;
    this.message(message, 0);
  }

  private message(message: Message, depth: number): void {
    const { lexer } = this;
    if (!lexer.atObject) throw this.fault("an object");
    for (let more = lexer.enterObject(); more; more = lexer.anotherMember()) {
      const field = this.key(message);
      if (field === undefined) lexer.skip();
      else if (!lexer.takeNull()) this.field(field, depth);
    }
  }

  /** Passes over the key at hand; its field, or undefined for one that the schema does not have. */
  private key(message: Message): Field | undefined {
    const { lexer } = this;
    if (lexer.isAtQuote) {
      const field = message.names.find(lexer.view, lexer.pos + 1);
      if (field !== undefined) {
        lexer.pos += field.name.length + 2;
        lexer.colon();
        return field;
      }
    }
    const start = lexer.pos;
    lexer.skipKey();
    return lexer.hasEscape(start) ? message.fields.find((field) => field.name === lexer.keyAt(start)) : undefined;
  }

  private field(field: Field, depth: number): void {
    try {
      if (field.repeated) this.repeated(field, depth);
      else this.single(field, depth);
    } catch (fault) {
      if (fault instanceof Fault) fault.path.unshift(field.name);
      throw fault;
    }
  }

  private repeated(field: Field, depth: number): void {
    const { lexer, writer } = this;
    if (!lexer.atArray) throw this.fault("an array");
    const packed = field.wireType !== lengthDelimited;
    let begun = 0;
    if (packed) {
      writer.varint(field.number * 8 + lengthDelimited);
      begun = writer.begin(usualMessage);
    }
    let index = 0;
    try {
      for (let more = lexer.enterArray(); more; more = lexer.anotherElement()) {
        if (packed) this.scalars.value(lexer.takeNull() ? 0 : this.scalar(), field.kind);
        else this.single(field, depth);
        index++;
      }
    } catch (fault) {
      if (fault instanceof Fault) fault.path.unshift(index);
      throw fault;
    }
    if (packed) writer.end(begun, usualMessage);
  }

  private single(field: Field, depth: number): void {
    const { lexer, writer } = this;
    const { message } = field;
    if (message !== undefined) {
      if (message === keyValue || (field.repeated && message === anyValue)) this.count();
      const isList = message === arrayValue || message === keyValueList;
      if (isList && depth === this.limits.maxDepth)
        throw this.fault(`at most ${depth} arrays and maps inside each other`);
      writer.varint(field.tag);
      const begun = writer.begin(usualMessage);
      if (!field.repeated || !lexer.takeNull()) this.message(message, isList ? depth + 1 : depth);
      writer.end(begun, usualMessage);
    } else if (field.kind === "string") {
      this.text(field);
    } else if (!quickScalar(lexer, writer, field, this.halves)) {
      const value = this.scalar();
      if (field.explicit || !isDefault(value, field)) this.scalars.field(value, field);
    }
  }

  private text(field: Field): void {
    const { lexer, writer } = this;
    if (field.repeated && lexer.takeNull()) {
      writer.varint(field.tag);
      writer.byte(0);
      return;
    }
    if (!lexer.isAtQuote) throw this.fault("a string");
    const before = writer.pos;
    writer.varint(field.tag);
    const start = writer.pos;
    writeString(lexer, writer);
    if (writer.pos === start + 1 && !field.explicit && !field.repeated) writer.pos = before;
  }

  /** The scalar at hand; an object or array is none, and a fault in all that asks for one. */
  private scalar(): unknown {
    const { lexer } = this;
    return lexer.scalar() ?? (lexer.atArray ? [] : {});
  }

  private count(): void {
    if (++this.values > this.limits.maxValues)
      throw this.fault(`at most ${this.limits.maxValues} attributes and nested values`);
  }

  private fault(expected: string): Fault {
    const { lexer } = this;
    return new Fault(expected, lexer.takeNull() ? null : this.scalar());
  }

  private reject(fault: Fault, level: number): void {
    if (this.firstFault !== undefined) return;
    const path: (string | number)[] = [];
    for (let at = 0, message = this.levels.request; at <= level; at++) {
      const field = at === 0 ? message.fields[0]! : message.byNumber[2]!;
      path.push(field.name, this.places[at]!);
      message = field.message!;
    }
    fault.path.unshift(...path);
    this.firstFault = fault;
  }

  /** Passes over a resource, scope or item that cannot be read. How many items are lost with it; at least 1. */
  private countItems(message: Message): number {
    const { lexer } = this;
    if (message === this.levels.item || !lexer.atObject) {
      lexer.skip();
      return 1;
    }
    const children = message.byNumber[2]!;
    let count = 0;
    for (let more = lexer.enterObject(); more; more = lexer.anotherMember()) {
      if (this.key(message) !== children || !lexer.atArray) {
        lexer.skip();
        continue;
      }
      for (let another = lexer.enterArray(); another; another = lexer.anotherElement())
        count += this.countItems(children.message!);
    }
    return Math.max(1, count);
  }
}
