// The same message in another form on the wire: longer varints, messages in two halves, scalars that a later one replaces,
// fields in another order, unknown fields of every wire type. The oracle reads it, and so must the batch.

import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { Fields } from "../src/otlp/wire/fields.ts";

type Dice = Iterator<number>;

/** `dice` gives numbers from 0 to 99. */
export function rewired(schema: DescMessage, bytes: Uint8Array, dice: Dice): Uint8Array {
  const parts: { readonly number: number; readonly bytes: readonly number[] }[] = [];
  for (const field of new FieldList(bytes)) {
    const known = schema.fields.find(({ number }) => number === field.tag >>> 3);
    const value = bytes.subarray(field.start, field.end);
    parts.push({ number: field.tag >>> 3, bytes: rewiredField(known, field.tag, value, dice) });
  }
  const out: number[] = [];
  for (const part of shuffled(parts, dice)) {
    if (roll(dice) < 8) out.push(...unknownField(schema, dice));
    out.push(...part.bytes);
  }
  if (roll(dice) < 8) out.push(...unknownField(schema, dice));
  return Uint8Array.from(out);
}

function rewiredField(known: DescField | undefined, tag: number, value: Uint8Array, dice: Dice): number[] {
  const head = varint(tag, dice);
  if ((tag & 7) !== 2) return [...head, ...((tag & 7) === 0 ? longer([...value], dice) : value)];
  const message =
    known?.fieldKind === "message" || (known?.fieldKind === "list" && known.listKind === "message")
      ? known.message
      : undefined;
  if (message === undefined) return [...head, ...varint(value.length, dice), ...value];
  // A message that is not repeated may come in two halves, which a reader joins.
  if (known!.fieldKind === "message" && roll(dice) < 15) {
    const at = splitPoint(value, dice);
    const halves = [value.subarray(0, at), value.subarray(at)].map((half) => rewired(message, half, dice));
    return halves.flatMap((half) => [...head, ...varint(half.length, dice), ...half]);
  }
  const inner = rewired(message, value, dice);
  return [...head, ...varint(inner.length, dice), ...inner];
}

/** Moves fields past others of another number: the order of those of one number has a meaning. */
function shuffled<Part extends { readonly number: number }>(parts: readonly Part[], dice: Dice): Part[] {
  const out = [...parts];
  for (let i = 1; i < out.length; i++) {
    const [one, other] = [out[i - 1]!, out[i]!];
    if (one.number !== other.number && roll(dice) < 20) {
      out[i - 1] = other;
      out[i] = one;
    }
  }
  return out;
}

/** Numbers of fields that a message may not have: in one byte, in two, the reserved 1000, the largest. */
const unknownNumbers = [15, 99, 1000, 2 ** 29 - 1];

function unknownField(schema: DescMessage, dice: Dice): number[] {
  const numbers = unknownNumbers.filter((number) => schema.fields.every((field) => field.number !== number));
  const number = numbers[roll(dice) % numbers.length]!;
  switch (roll(dice) % 5) {
    case 0:
      return [...varint(number * 8, dice), ...longer([roll(dice)], dice)];
    case 1:
      return [...varint(number * 8 + 1, dice), 1, 2, 3, 4, 5, 6, 7, 8];
    case 2:
      return [...varint(number * 8 + 2, dice), 3, 0x0a, 0x12, 0xff];
    case 3:
      return [...varint(number * 8 + 3, dice), ...varint(2 * 8 + 2, dice), 1, 7, ...varint(number * 8 + 4, dice)];
    default:
      return [...varint(number * 8 + 5, dice), 1, 2, 3, 4];
  }
}

function splitPoint(bytes: Uint8Array, dice: Dice): number {
  let at = 0;
  for (const field of new FieldList(bytes)) if (roll(dice) < 50) at = field.end;
  return at;
}

function varint(value: number, dice: Dice): number[] {
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return longer([...out, rest], dice, 5);
}

/** A varint may end in any number of zero groups, up to 10 bytes in all (5 for tags and lengths, in careful readers). */
function longer(bytes: number[], dice: Dice, max = 10): number[] {
  const out = [...bytes];
  while (out.length < max && roll(dice) < 4) {
    out[out.length - 1] = out[out.length - 1]! | 128;
    out.push(0);
  }
  return out;
}

function roll(dice: Dice): number {
  return dice.next().value as number;
}

class FieldList implements Iterable<{ readonly tag: number; readonly start: number; readonly end: number }> {
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  *[Symbol.iterator](): Generator<{ tag: number; start: number; end: number }> {
    for (const field = new Fields(this.bytes, 0, this.bytes.length); field.next(); ) {
      yield { tag: field.tag, start: field.start, end: field.end };
    }
  }
}
