// Any message of a schema, made by walking it: a new field is in the tests as soon as it is in the schema.

import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";
import { text } from "./arbitraries.ts";

type Init = Record<string, unknown>;

/** Messages inside each other, below the top. */
const maxDepth = 9;

export function anyMessage(desc: DescMessage, depth = 0): fc.Arbitrary<Init> {
  const fields = new Map<string, fc.Arbitrary<unknown>>();
  for (const field of desc.fields) {
    if (field.oneof !== undefined || (depth >= maxDepth && field.message !== undefined)) continue;
    const value = anyValue(field, depth);
    fields.set(
      field.localName,
      field.fieldKind === "list"
        ? fc.array(value, { maxLength: depth < 3 ? 2 : 3 })
        : fc.option(value, { nil: undefined }),
    );
  }
  for (const oneof of desc.oneofs) {
    const cases = oneof.fields.filter((field) => depth < maxDepth || field.message === undefined);
    const one = fc.oneof(
      ...cases.map((field) => anyValue(field, depth).map((value) => ({ case: field.localName, value }))),
    );
    fields.set(oneof.localName, fc.option(one, { nil: undefined }));
  }
  return fc.record(Object.fromEntries(fields)) as fc.Arbitrary<Init>;
}

function anyValue(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined) {
    const { message } = field;
    // Looked up when it is drawn: messages hold themselves.
    return fc.constant(0).chain(() => anyMessage(message, depth + 1));
  }
  if (field.enum !== undefined) return fc.integer({ min: 0, max: 5 });
  if (field.name.endsWith("_id")) return id(field.name === "trace_id" ? 16 : 8);
  switch (field.scalar) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.DOUBLE:
      return fc.double();
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 20 });
    case ScalarType.INT32:
    case ScalarType.SINT32:
      return fc.integer();
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return fc.nat().map((value) => value * 2);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    default:
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  }
}

/** Ids of the right length, or none: others do not survive JSON, by the data model. */
function id(length: number): fc.Arbitrary<Uint8Array> {
  return fc.oneof(fc.uint8Array({ minLength: length, maxLength: length }), fc.constant(new Uint8Array(0)));
}
