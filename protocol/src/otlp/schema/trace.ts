// Messages of opentelemetry.proto.trace.v1 and its ExportTraceServiceRequest, schema 1.11.

import { instrumentationScope, keyValue, resource } from "./common.ts";
import { type Message, message } from "./message.ts";

export const spanEvent: Message = message(
  "Event",
  ["timeUnixNano", 1, "fixed64"],
  ["name", 2, "string"],
  ["attributes", 3, keyValue, "repeated"],
  ["droppedAttributesCount", 4, "uint32"],
);

export const spanLink: Message = message(
  "Link",
  ["traceId", 1, "traceId"],
  ["spanId", 2, "spanId"],
  ["traceState", 3, "string"],
  ["attributes", 4, keyValue, "repeated"],
  ["droppedAttributesCount", 5, "uint32"],
  ["flags", 6, "fixed32"],
);

export const spanStatus: Message = message("Status", ["message", 2, "string"], ["code", 3, "enum"]);

export const span: Message = message(
  "Span",
  ["traceId", 1, "traceId"],
  ["spanId", 2, "spanId"],
  ["traceState", 3, "string"],
  ["parentSpanId", 4, "spanId"],
  ["flags", 16, "fixed32"],
  ["name", 5, "string"],
  ["kind", 6, "enum"],
  ["startTimeUnixNano", 7, "fixed64"],
  ["endTimeUnixNano", 8, "fixed64"],
  ["attributes", 9, keyValue, "repeated"],
  ["droppedAttributesCount", 10, "uint32"],
  ["events", 11, spanEvent, "repeated"],
  ["droppedEventsCount", 12, "uint32"],
  ["links", 13, spanLink, "repeated"],
  ["droppedLinksCount", 14, "uint32"],
  ["status", 15, spanStatus],
);

export const scopeSpans: Message = message(
  "ScopeSpans",
  ["scope", 1, instrumentationScope],
  ["spans", 2, span, "repeated"],
  ["schemaUrl", 3, "string"],
);

export const resourceSpans: Message = message(
  "ResourceSpans",
  ["resource", 1, resource],
  ["scopeSpans", 2, scopeSpans, "repeated"],
  ["schemaUrl", 3, "string"],
);

export const traceRequest: Message = message("ExportTraceServiceRequest", [
  "resourceSpans",
  1,
  resourceSpans,
  "repeated",
]);
