// Messages of opentelemetry.proto.logs.v1 and its ExportLogsServiceRequest, schema 1.11.

import { anyValue, instrumentationScope, keyValue, resource } from "./common.ts";
import { type Message, message } from "./message.ts";

export const logRecord: Message = message(
  "LogRecord",
  ["timeUnixNano", 1, "fixed64"],
  ["observedTimeUnixNano", 11, "fixed64"],
  ["severityNumber", 2, "enum"],
  ["severityText", 3, "string"],
  ["body", 5, anyValue],
  ["attributes", 6, keyValue, "repeated"],
  ["droppedAttributesCount", 7, "uint32"],
  ["flags", 8, "fixed32"],
  ["traceId", 9, "traceId"],
  ["spanId", 10, "spanId"],
  ["eventName", 12, "string"],
);

export const scopeLogs: Message = message(
  "ScopeLogs",
  ["scope", 1, instrumentationScope],
  ["logRecords", 2, logRecord, "repeated"],
  ["schemaUrl", 3, "string"],
);

export const resourceLogs: Message = message(
  "ResourceLogs",
  ["resource", 1, resource],
  ["scopeLogs", 2, scopeLogs, "repeated"],
  ["schemaUrl", 3, "string"],
);

export const logsRequest: Message = message("ExportLogsServiceRequest", ["resourceLogs", 1, resourceLogs, "repeated"]);
