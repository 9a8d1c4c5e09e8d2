// One message of OTLP/JSON to protobuf, by its table.

import type { Limits } from "../limits.ts";
import { anyValue, arrayValue, keyValue, keyValueList } from "../schema/common.ts";
import { type Field, lengthDelimited, type Message } from "../schema/message.ts";
import type { Halves } from "../wire/int64.ts";
import type { Writer } from "../wire/writer.ts";
import { Fault } from "./fault.ts";
import type { Lexer } from "./lexer.ts";
import { quickScalar } from "./quick.ts";
import { isDefault, ScalarWriter } from "./scalars.ts";
import { skipValue } from "./skip.ts";
import { writeString } from "./strings.ts";

/** Bytes of a nested message for which room is made first. */
const usualMessage = 64;

/** Throws Fault where a value is not what the table says. */
export class MessageReader {
  private readonly lexer: Lexer;
  private readonly writer: Writer;
  private readonly limits: Limits;
  private readonly scalars: ScalarWriter;
  private readonly halves: Halves = { lo: 0, hi: 0 };
  /** Attributes and nested values since it was last set to 0. */
  values = 0;

  constructor(lexer: Lexer, writer: Writer, limits: Limits) {
    this.lexer = lexer;
    this.writer = writer;
    this.limits = limits;
    this.scalars = new ScalarWriter(writer);
  }

  /** The record, span or metric at hand. */
  item(message: Message): void {
    this.values = 0;
    this.message(message, 0);
  }

  private message(message: Message, depth: number): void {
    const { lexer } = this;
    if (!lexer.atObject) throw this.fault("an object");
    for (let more = lexer.enterObject(); more; more = lexer.anotherMember()) {
      const field = this.key(message);
      if (field === undefined) skipValue(lexer);
      else if (!lexer.takeNull()) this.field(field, depth);
    }
  }

  /** Passes over the key at hand; its field, or undefined for one that the schema does not have. */
  key(message: Message): Field | undefined {
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

  field(field: Field, depth: number): void {
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

  /** What is at hand, where something else was expected. */
  fault(expected: string): Fault {
    const { lexer } = this;
    return new Fault(expected, lexer.takeNull() ? null : this.scalar());
  }
}
