// The same plain form of a request, once through the oracle (protobuf-es) and once through the batch, to compare as text.

import type { AnyValue, LogRecord, Logs } from "../src/otlp/index.ts";
import type {
  AnyValue as AnyValueMessage,
  ExportLogsServiceRequest,
  InstrumentationScope,
  KeyValue,
  LogRecord as LogRecordMessage,
  Resource as ResourceMessage,
} from "./gen/otlp_pb.js";

/** Text that tells apart everything that may differ: -0, NaN, bigint, bytes, null. Keys in order of the alphabet. */
export function canonical(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "boolean") return String(value);
  if (value instanceof Uint8Array) return `bytes(${Array.from(value)})`;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const map = value as Record<string, unknown>;
  const keys = Object.keys(map).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(map[key])}`).join()}}`;
}

export function recordsOf(logs: Logs): string[] {
  return Array.from(logs.records(), (record) => canonical(plainRecord(record)));
}

function plainRecord(record: LogRecord): unknown {
  const { resource, scope } = record;
  return {
    time: record.timeUnixNano,
    observed: record.observedTimeUnixNano,
    timeMs: record.timeMs,
    severity: record.severityNumber,
    text: record.severityText,
    body: record.body,
    event: record.eventName,
    trace: record.traceId,
    span: record.spanId,
    flags: record.flags,
    dropped: record.droppedAttributesCount,
    attributes: record.attributes(),
    resource: [resource.schemaUrl, resource.droppedAttributesCount, resource.entityRefs, resource.attributes()],
    scope: [scope.name, scope.version, scope.schemaUrl, scope.droppedAttributesCount, scope.attributes()],
  };
}

export function recordsOfOracle(request: ExportLogsServiceRequest): string[] {
  const records: string[] = [];
  for (const { resource, schemaUrl, scopeLogs } of request.resourceLogs) {
    const from = [schemaUrl, ...plainResource(resource)];
    for (const group of scopeLogs) {
      const scope = [group.scope?.name ?? "", group.scope?.version ?? "", group.schemaUrl, ...plainScope(group.scope)];
      for (const record of group.logRecords)
        records.push(canonical({ ...plainMessage(record), resource: from, scope }));
    }
  }
  return records;
}

function plainResource(resource: ResourceMessage | undefined): unknown[] {
  const refs = (resource?.entityRefs ?? []).map(({ schemaUrl, type, idKeys, descriptionKeys }) => ({
    schemaUrl,
    type,
    idKeys,
    descriptionKeys,
  }));
  return [resource?.droppedAttributesCount ?? 0, refs, plainMap(resource?.attributes ?? [])];
}

function plainScope(scope: InstrumentationScope | undefined): unknown[] {
  return [scope?.droppedAttributesCount ?? 0, plainMap(scope?.attributes ?? [])];
}

function plainMessage(record: LogRecordMessage): Record<string, unknown> {
  const severity = record.severityNumber as number;
  return {
    time: record.timeUnixNano,
    observed: record.observedTimeUnixNano,
    timeMs: Number((record.timeUnixNano || record.observedTimeUnixNano) / 1_000_000n),
    severity: severity >= 0 && severity <= 24 ? severity : 0,
    text: record.severityText,
    body: plainValue(record.body),
    event: record.eventName,
    trace: plainId(record.traceId, 16),
    span: plainId(record.spanId, 8),
    flags: record.flags,
    dropped: record.droppedAttributesCount,
    attributes: plainMap(record.attributes),
  };
}

export function plainId(id: Uint8Array, length: number): string {
  const hex = Buffer.from(id).toString("hex");
  return id.length === length && /[1-9a-f]/.test(hex) ? hex : "";
}

export function plainMap(pairs: readonly KeyValue[]): Record<string, AnyValue> {
  const map = Object.create(null) as Record<string, AnyValue>;
  for (const { key, value } of pairs) map[key] = plainValue(value);
  return map;
}

export function plainValue(message: AnyValueMessage | undefined): AnyValue {
  const value = message?.value;
  switch (value?.case) {
    case "stringValue":
    case "boolValue":
    case "doubleValue":
    case "bytesValue":
      return value.value;
    case "intValue":
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : value.value;
    case "arrayValue":
      return value.value.values.map(plainValue);
    case "kvlistValue":
      return plainMap(value.value.values);
    default:
      return null;
  }
}
