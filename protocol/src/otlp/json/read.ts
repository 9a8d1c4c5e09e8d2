// OTLP/JSON to protobuf in one pass over the bytes, by the schema's tables. Items that are wrong are left out and counted, all
// others are taken.

import { faultAt, type OtlpError } from "../errors.ts";
import { groupsPerItem, type Limits } from "../limits.ts";
import type { Field, Message } from "../schema/message.ts";
import type { Levels } from "../schema/signals.ts";
import { Writer } from "../wire/writer.ts";
import { Fault } from "./fault.ts";
import { Lexer } from "./lexer.ts";
import { MessageReader } from "./messages.ts";
import { skipValue } from "./skip.ts";

export interface Transcoded {
  readonly bytes: Uint8Array;
  readonly rejected: number;
  readonly message: string | undefined;
}

/** Throws OtlpError where the text is no JSON, Fault where it is no request. */
export function transcode(json: Uint8Array, levels: Levels, limits: Limits): Transcoded {
  return new RequestReader(json, levels, limits).run();
}

/** Bytes of an item for which room is made first. */
const usualItem = 300;

class RequestReader {
  private readonly levels: Levels;
  private readonly limits: Limits;
  private readonly lexer: Lexer;
  private readonly writer: Writer;
  private readonly messages: MessageReader;
  /** Expected size of the request in protobuf, which takes 0.4 to 0.6 of the space of JSON. */
  private readonly size: number;
  /** Where the reader is: index of the resource, of the scope in it, of the item in this. */
  private readonly places = [0, 0, 0];
  /** Good or bad. */
  private items = 0;
  /** Resources and scopes. */
  private groups = 0;
  private rejected = 0;
  private firstFault: Fault | undefined;

  constructor(json: Uint8Array, levels: Levels, limits: Limits) {
    this.levels = levels;
    this.limits = limits;
    this.lexer = new Lexer(json);
    this.size = Math.ceil(json.length / 2);
    this.writer = new Writer(this.size + 64);
    this.messages = new MessageReader(this.lexer, this.writer, limits);
  }

  run(): Transcoded {
    const { lexer } = this;
    const start = lexer.pos;
    try {
      this.group(this.levels.request, this.levels.request.fields[0]!, 0);
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      // What is no JSON is said to be that, wherever its first fault is.
      lexer.pos = start;
      skipValue(lexer);
      lexer.end();
      throw fault;
    }
    lexer.end();
    return { bytes: this.writer.slice(), rejected: this.rejected, message: this.firstFault?.toString() };
  }

  /** A request, or the resource or scope at hand; its children are taken or left out one by one. */
  private group(message: Message, children: Field, level: number): void {
    const { lexer } = this;
    if (!lexer.atObject) throw this.messages.fault("an object");
    this.messages.values = 0;
    for (let more = lexer.enterObject(); more; more = lexer.anotherMember()) {
      const field = this.messages.key(message);
      if (field === undefined) skipValue(lexer);
      else if (lexer.takeNull()) continue;
      else if (field === children) this.children(field, level);
      else this.messages.field(field, 0);
    }
  }

  private children(field: Field, level: number): void {
    const { lexer } = this;
    if (!lexer.atArray) {
      const fault = this.messages.fault("an array");
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
    if (isItem && ++this.items > this.limits.maxRecords) throw this.tooMany();
    if (!isItem && ++this.groups > this.limits.maxRecords * groupsPerItem) throw this.tooManyGroups();
    try {
      writer.byte(field.tag);
      const begun = writer.begin(expected);
      if (isItem) this.messages.item(message);
      else this.group(message, message.byNumber[2]!, level + 1);
      writer.end(begun, expected);
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      writer.pos = before.written;
      lexer.pos = before.read;
      this.reject(fault, level);
      this.rejected = before.rejected + this.countItems(message);
      if (this.rejected > this.limits.maxRecords) throw this.tooMany();
    }
  }

  private tooMany(): OtlpError {
    const what = `expected at most ${this.limits.maxRecords} items of type ${this.levels.item.name}, got more`;
    return faultAt("DEVMUX_OTLP_TOO_MANY_RECORDS", this.lexer.pos, what);
  }

  private tooManyGroups(): OtlpError {
    const what = `expected at most ${this.limits.maxRecords * groupsPerItem} resources and scopes, got more`;
    return faultAt("DEVMUX_OTLP_TOO_MANY_RECORDS", this.lexer.pos, what);
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
      skipValue(lexer);
      return 1;
    }
    const children = message.byNumber[2]!;
    let count = 0;
    for (let more = lexer.enterObject(); more; more = lexer.anotherMember()) {
      if (this.messages.key(message) !== children || !lexer.atArray) {
        skipValue(lexer);
        continue;
      }
      for (let another = lexer.enterArray(); another; another = lexer.anotherElement())
        count += this.countItems(children.message!);
    }
    return Math.max(1, count);
  }
}
