// The official OTLPLogExporter in place of the WebSocket: any OTLP backend, at the cost of its acknowledgement coming per
// request and nothing being resumed. Loaded when it is asked for.

import { ATTR_LOG_RECORD_UID, helloToResource } from "@chriscode/devmux-telemetry-protocol";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { Sender, SenderOptions } from "./sender.ts";
import { createStatus } from "./status.ts";

/** Records that wait for the exporter to be loaded, or under way. */
const maxPending = 5_000;

/** The same as createSender, as far as the rest of the client is concerned. */
export function createOtlpHttpSender(options: SenderOptions): Sender {
  const { status = createStatus(options.clientId) } = options;
  const { serverUrl, token, platform, resource } = options;
  let recordNumber = 0;
  let told: ReadableLogRecord["resource"] | undefined;
  status.state = "connecting";
  const loading: Promise<LogRecordExporter | undefined> = import("@opentelemetry/exporter-logs-otlp-http").then(
    ({ OTLPLogExporter }) => {
      status.state = "open";
      return new OTLPLogExporter({
        url: `${serverUrl.replace(/^ws/, "http").replace(/\/(v1\/logs)?\/*$/, "")}/v1/logs`,
        headers: token ? { authorization: `Bearer ${token}` } : {},
      });
    },
    (error: unknown) => {
      status.state = "stopped";
      status.problem = `@opentelemetry/exporter-logs-otlp-http could not be loaded: ${error}`;
      return undefined;
    },
  );
  /** With its identity, and with what the hello says of the platform on the resource. */
  const complete = (record: ReadableLogRecord): ReadableLogRecord => {
    told ??= Object.create(resource ?? record.resource, {
      attributes: {
        value: helloToResource({
          resource: { "service.name": "unknown_service", ...(resource ?? record.resource).attributes },
          platform: platform(),
        }),
      },
    }) as ReadableLogRecord["resource"];
    const uid = `${status.clientId.slice(0, 13)}-${++recordNumber}`;
    return Object.create(record, {
      resource: { value: record.resource === resource ? told : record.resource },
      attributes: { value: { ...record.attributes, [ATTR_LOG_RECORD_UID]: uid } },
    });
  };

  return {
    status,
    connect() {},
    rest() {},
    send(records) {
      const count = records.length;
      if (status.state === "stopped" || status.buffered + count > maxPending) {
        status.dropped += count;
        return;
      }
      const completed = records.map(complete);
      status.buffered += count;
      void loading.then((exporter) => {
        const done = (isTaken: boolean, problem?: string): void => {
          status.buffered -= count;
          status[isTaken ? "acknowledged" : "refused"] += count;
          status.problem = problem;
        };
        if (exporter === undefined) return done(false, status.problem);
        exporter.export(completed, ({ code, error }) => done(code === 0, error && String(error)));
      });
    },
    async flush() {
      await bounded(
        loading.then((exporter) => exporter?.forceFlush()),
        options.flushTimeoutMs,
      );
    },
    async shutdown() {
      await bounded(
        loading.then((exporter) => exporter?.shutdown()),
        options.flushTimeoutMs,
      );
      status.state = "stopped";
    },
  };
}

/** A flush that rejects or never ends would wedge whoever waits for it. */
function bounded(work: Promise<unknown>, timeoutMs = 2_000): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
