// A request as nested pieces of its own bytes, to see that what was not touched is the same, byte for byte.

import { BinaryReader } from "@bufbuild/protobuf/wire";

export interface RawGroup {
  /** All bytes of the message but its children's fields, in hex. */
  readonly envelope: string;
  readonly children: readonly RawGroup[];
}

/** Resources, scopes in them and records in these; the children of a record are not looked for. */
export function rawGroups(bytes: Uint8Array): readonly RawGroup[] {
  return rawGroup(bytes, [1, 2, 2]).children;
}

/** Records as hex, in order. */
export function rawRecords(bytes: Uint8Array): string[] {
  return rawGroups(bytes).flatMap((resource) =>
    resource.children.flatMap((scope) => scope.children.map((record) => record.envelope)),
  );
}

export interface RawField {
  readonly number: number;
  readonly bytes: Uint8Array;
}

export function rawFields(bytes: Uint8Array): RawField[] {
  const reader = new BinaryReader(bytes);
  const fields: RawField[] = [];
  while (reader.pos < reader.len) {
    const from = reader.pos;
    const [number, wireType] = reader.tag();
    reader.skip(wireType, number);
    fields.push({ number, bytes: bytes.subarray(from, reader.pos) });
  }
  return fields;
}

function rawGroup(bytes: Uint8Array, [child, ...rest]: readonly number[]): RawGroup {
  const envelope: Uint8Array[] = [];
  const children: RawGroup[] = [];
  for (const field of rawFields(bytes)) {
    if (field.number !== child) {
      envelope.push(field.bytes);
      continue;
    }
    const reader = new BinaryReader(field.bytes);
    reader.tag();
    children.push(rawGroup(reader.bytes(), rest));
  }
  return { envelope: hex(envelope), children };
}

export function hex(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("hex");
}
