// OTLP/JSON of what is around records, their resource and scope, up to where the records begin.

import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { EncodableRecord, ToAnyValue } from "./encode-record.ts";
import { keyValues, toJson } from "./encode-record.ts";

type Resource = ReadableLogRecord["resource"];

/** `isTold`: the hello has told the collector this resource, so that its records need not repeat it. */
export function createGroups(
  isTold: (resource: Resource) => boolean,
  anyValue: ToAnyValue,
): (record: EncodableRecord) => string {
  let last: EncodableRecord | undefined;
  let text = "";
  return (record) => {
    const { resource, instrumentationScope: scope } = record;
    if (resource && scope && (resource !== last?.resource || scope !== last.instrumentationScope)) {
      const { name, version, attributes } = scope;
      const about = { name, version, attributes: attributes && keyValues(attributes, anyValue) };
      const told = isTold(resource) ? {} : { attributes: keyValues(resource.attributes, anyValue) };
      text = `{"resource":${toJson(told)},"scopeLogs":[{"scope":${toJson(about)},"logRecords":[`;
      last = record;
    }
    return text;
  };
}
