// OTLP/JSON to protobuf, by the schema's tables. Items that are wrong are left out and counted, all others are taken.

import type { Limits } from "../limits.ts";
import { anyValue, arrayValue, keyValue, keyValueList } from "../schema/common.ts";
import { type Field, lengthDelimited, type Message } from "../schema/message.ts";
import type { Levels } from "../schema/signals.ts";
import { Writer } from "../wire/writer.ts";
import { Fault } from "./fault.ts";
import { isDefault, ScalarWriter } from "./scalars.ts";

export type JsonObject = { readonly [key: string]: unknown };

export interface Transcoded {
  readonly bytes: Uint8Array;
  readonly rejected: number;
  readonly message: string | undefined;
  /** Whether a 64-bit integer was a JSON number that JavaScript has rounded. */
  readonly inexact: boolean;
}

/** Throws Fault where `json` is no request. `size` is the expected size of the result in bytes. */
export function transcode(json: unknown, levels: Levels, limits: Limits, size: number): Transcoded {
  return new JsonReader(levels, limits, size).run(json);
}

/** Bytes of an item for which room is made first. */
const usualItem = 300;

class JsonReader {
  private readonly levels: Levels;
  private readonly limits: Limits;
  private readonly writer: Writer;
  private readonly scalars: ScalarWriter;
  private readonly size: number;
  /** Where the reader is: index of the resource, of the scope in it, of the item in this. */
  private readonly places = [0, 0, 0];
  private values = 0;
  private rejected = 0;
  private firstFault: Fault | undefined;

  constructor(levels: Levels, limits: Limits, size: number) {
    this.levels = levels;
    this.limits = limits;
    this.writer = new Writer(size);
    this.scalars = new ScalarWriter(this.writer);
    this.size = size;
  }

  run(json: unknown): Transcoded {
    const field = this.levels.request.fields[0]!;
    this.groups(listOf(objectOf(json), field), field, 0);
    return {
      bytes: this.writer.slice(),
      rejected: this.rejected,
      message: this.firstFault?.toString(),
      inexact: this.scalars.inexact,
    };
  }

  /** The resources of a request, the scopes of a resource or the items of a scope: each is taken or left out by itself. */
  private groups(list: readonly unknown[], field: Field, level: number): void {
    const { writer } = this;
    const message = field.message!;
    const isItem = message === this.levels.item;
    for (let i = 0; i < list.length; i++) {
      const before = writer.pos;
      this.places[level] = i;
      try {
        writer.byte(field.tag);
        const begun = writer.begin(isItem ? usualItem : this.size);
        if (isItem) this.item(list[i], message);
        else this.group(list[i], message, level);
        writer.end(begun);
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault;
        writer.pos = before;
        this.reject(fault, level, this.countItems(list[i], message));
      }
    }
  }

  private group(json: unknown, message: Message, level: number): void {
    const object = objectOf(json);
    const children = message.byNumber[2]!;
    this.values = 0;
    this.fields(object, message, 0, children);
    this.groups(listOf(object, children), children, level + 1);
  }

  private item(json: unknown, message: Message): void {
    this.values = 0;
    this.fields(objectOf(json), message, 0, undefined);
  }

  private fields(object: JsonObject, message: Message, depth: number, except: Field | undefined): void {
    let hasOneof = false;
    for (const field of message.fields) {
      const value = object[field.name];
      if (value === undefined || value === null || field === except) continue;
      if (field.oneof) {
        if (hasOneof) continue;
        hasOneof = true;
      }
      try {
        if (field.repeated) this.repeated(value, field, depth);
        else this.single(value, field, depth);
      } catch (fault) {
        if (fault instanceof Fault) fault.path.unshift(field.name);
        throw fault;
      }
    }
  }

  private repeated(value: unknown, field: Field, depth: number): void {
    if (!Array.isArray(value)) throw new Fault("an array", value);
    const packed = field.wireType !== lengthDelimited;
    if (value.length === 0) return;
    let begun = 0;
    if (packed) {
      this.writer.varint(field.number * 8 + lengthDelimited);
      begun = this.writer.begin(value.length * 8);
    }
    for (let i = 0; i < value.length; i++) {
      try {
        if (packed) this.scalars.value(value[i] ?? 0, field.kind);
        else this.single(value[i] ?? (field.message === undefined ? "" : {}), field, depth);
      } catch (fault) {
        if (fault instanceof Fault) fault.path.unshift(i);
        throw fault;
      }
    }
    if (packed) this.writer.end(begun);
  }

  private single(value: unknown, field: Field, depth: number): void {
    const { writer } = this;
    const { message } = field;
    if (message !== undefined) {
      if (message === keyValue || (message === anyValue && field.repeated)) this.count(value);
      writer.varint(field.tag);
      const begun = writer.begin(64);
      this.message(value, message, depth);
      writer.end(begun);
    } else if (field.explicit || field.repeated || !isDefault(value, field)) {
      this.scalars.field(value, field);
    }
  }

  private message(json: unknown, message: Message, depth: number): void {
    const object = objectOf(json);
    if (message === arrayValue || message === keyValueList) {
      if (depth === this.limits.maxDepth) {
        throw new Fault(`at most ${this.limits.maxDepth} arrays and maps inside each other`, json);
      }
      this.fields(object, message, depth + 1, undefined);
      return;
    }
    this.fields(object, message, depth, undefined);
  }

  private count(value: unknown): void {
    if (++this.values > this.limits.maxValues) {
      throw new Fault(`at most ${this.limits.maxValues} attributes and nested values`, value);
    }
  }

  private reject(fault: Fault, level: number, count: number): void {
    this.rejected += count;
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

  /** How many items are lost with a group that cannot be read; at least 1. */
  private countItems(json: unknown, message: Message): number {
    if (message === this.levels.item) return 1;
    const children = message.byNumber[2]!;
    const list = (json as JsonObject | null)?.[children.name];
    if (!Array.isArray(list)) return 1;
    let count = 0;
    for (const child of list) count += this.countItems(child, children.message!);
    return Math.max(1, count);
  }
}

function objectOf(json: unknown): JsonObject {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Fault("an object", json);
  return json as JsonObject;
}

function listOf(object: JsonObject, field: Field): readonly unknown[] {
  const list = object[field.name];
  if (list === undefined || list === null) return [];
  if (Array.isArray(list)) return list as unknown[];
  const fault = new Fault("an array", list);
  fault.path.unshift(field.name);
  throw fault;
}
