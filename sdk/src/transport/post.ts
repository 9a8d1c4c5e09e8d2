// Sending without the rest of the client: OTLP/JSON by HTTP to the same collector. What it does not take is counted as lost.

import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { plainText } from "../logs/capture.ts";
import type { ExporterStatus } from "./status.ts";

/** Records of one request: all that outlive a page together may have 64 KiB (the Fetch standard), so that some go if not all. */
const maxRecords = 32;

type Values = { readonly [key: string]: unknown };

/** Resolves when the collector has answered, or will not. Never rejects. */
export async function post(
  serverUrl: string,
  token: string,
  records: readonly ReadableLogRecord[],
  status: ExporterStatus,
): Promise<void> {
  const url = `${serverUrl.replace(/^ws/, "http").replace(/\/+$/, "")}/v1/logs`;
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const requests: Promise<void>[] = [];
  for (let first = 0; first < records.length; first += maxRecords) {
    const some = records.slice(first, first + maxRecords);
    const body = requestOf(some);
    const send = (keepalive: boolean): Promise<Response> => fetch(url, { method: "POST", keepalive, headers, body });
    const request = send(true)
      .catch(() => send(false))
      .then(
        ({ ok }) => {
          status[ok ? "acknowledged" : "refused"] += some.length;
        },
        () => {
          status.dropped += some.length;
        },
      );
    requests.push(request);
  }
  await Promise.all(requests);
}

function requestOf(records: readonly ReadableLogRecord[]): string {
  const scopeLogs = records.map((record) => {
    const { hrTime, severityNumber, severityText, eventName, body, attributes, instrumentationScope } = record;
    const timeUnixNano = `${hrTime[0]}${`${hrTime[1]}`.padStart(9, "0")}`;
    return {
      scope: { name: instrumentationScope.name },
      logRecords: [
        { timeUnixNano, severityNumber, severityText, eventName, body: textOf(body), attributes: pairsOf(attributes) },
      ],
    };
  });
  return JSON.stringify({
    resourceLogs: [{ resource: { attributes: pairsOf(records[0]?.resource.attributes ?? {}) }, scopeLogs }],
  });
}

function textOf(value: unknown): object {
  return { stringValue: plainText(value) };
}

function pairsOf(values: Values): object[] {
  return Object.keys(values)
    .filter((key) => values[key] !== undefined)
    .map((key) => ({ key, value: textOf(values[key]) }));
}
