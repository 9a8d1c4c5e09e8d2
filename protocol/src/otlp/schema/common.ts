// Messages of opentelemetry.proto.common.v1 and resource.v1, schema 1.11.

import { type Message, message } from "./message.ts";

export const anyValue: Message = message(
  "AnyValue",
  ["stringValue", 1, "string", "oneof"],
  ["boolValue", 2, "bool", "oneof"],
  ["intValue", 3, "int64", "oneof"],
  ["doubleValue", 4, "double", "oneof"],
  ["arrayValue", 5, () => arrayValue, "oneof"],
  ["kvlistValue", 6, () => keyValueList, "oneof"],
  ["bytesValue", 7, "bytes", "oneof"],
  // Only meant for profiles: elsewhere it reads as the empty value.
  ["stringValueStrindex", 8, "int32", "oneof"],
);

export const arrayValue: Message = message("ArrayValue", ["values", 1, anyValue, "repeated"]);

export const keyValue: Message = message(
  "KeyValue",
  ["key", 1, "string"],
  ["value", 2, anyValue],
  ["keyStrindex", 3, "int32"],
);

export const keyValueList: Message = message("KeyValueList", ["values", 1, keyValue, "repeated"]);

export const instrumentationScope: Message = message(
  "InstrumentationScope",
  ["name", 1, "string"],
  ["version", 2, "string"],
  ["attributes", 3, keyValue, "repeated"],
  ["droppedAttributesCount", 4, "uint32"],
);

export const entityRef: Message = message(
  "EntityRef",
  ["schemaUrl", 1, "string"],
  ["type", 2, "string"],
  ["idKeys", 3, "string", "repeated"],
  ["descriptionKeys", 4, "string", "repeated"],
);

export const resource: Message = message(
  "Resource",
  ["attributes", 1, keyValue, "repeated"],
  ["droppedAttributesCount", 2, "uint32"],
  ["entityRefs", 3, entityRef, "repeated"],
);
