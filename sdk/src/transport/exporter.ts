// The LogRecordExporter over the devmux WebSocket. It takes a record over when it is exported: from then on the record
// is text in a bounded buffer, and leaves it when the collector has acknowledged it.

import type { HelloPayload } from "@chriscode/devmux-telemetry-protocol";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { createBackoff } from "./backoff.ts";
import type { ConnectionState } from "./connection.ts";
import { createConnection } from "./connection.ts";
import { droppedRecord } from "./dropped-record.ts";
import { encodeRecord } from "./encode-record.ts";
import { createGroups } from "./groups.ts";
import { createClientId, shortId, utf8Length } from "./identity.ts";
import type { Item } from "./outbox.ts";
import { createOutbox } from "./outbox.ts";
import { after } from "./timers.ts";

export interface BufferLimits {
  /** Records that wait for the collector, or for its acknowledgement. */
  readonly maxRecords: number;
  readonly maxBytes: number;
}

export const defaultBuffer: BufferLimits = {
  // A minute of a busy page without a collector; more would be of no use to who reads it then.
  maxRecords: 5_000,
  // What a page can spare without anyone noticing.
  maxBytes: 8 * 1024 * 1024,
};

export interface WebSocketExporterOptions {
  /** `ws://127.0.0.1:9876` */
  readonly serverUrl: string;
  readonly platform: () => HelloPayload["platform"];
  /** What the hello tells the collector; else the first record's. Records of another resource carry theirs with them. */
  readonly resource?: ReadableLogRecord["resource"];
  readonly token?: string;
  readonly buffer?: BufferLimits;
  /** Characters of one record as OTLP/JSON; what makes it longer is left out. */
  readonly maxRecordLength?: number;
  /** Instead of the platform's own. */
  readonly WebSocket?: new (
    url: string,
  ) => WebSocket;
  /** Jitter of the back-off, from 0 to 1. */
  readonly random?: () => number;
  /** How long forceFlush and shutdown wait for acknowledgements. Default: two seconds; a page that closes has no longer. */
  readonly flushTimeoutMs?: number;
}

export interface ExporterStatus {
  readonly state: ConnectionState;
  readonly clientId: string;
  /** The stream that the collector gave, once it has. */
  readonly streamName: string | undefined;
  /** Why nothing arrives, where that is known. */
  readonly problem: string | undefined;
  /** Records that wait, sent or not. */
  readonly buffered: number;
  readonly acknowledged: number;
  /** The buffer was full, or the app ended first. */
  readonly dropped: number;
  /** The collector would not take them. */
  readonly refused: number;
  readonly refusedReason: string | undefined;
}

export interface WebSocketExporter extends LogRecordExporter {
  readonly status: ExporterStatus;
  /** Connects before there is anything to send. */
  connect(): void;
  /** The user or the network is back: tries at once where it waits. */
  wake(): void;
  /** The page goes away, perhaps to come back: says goodbye. The next record or `connect` connects again. */
  rest(reason: string): void;
}

const batchLimits = {
  maxBatchRecords: 64,
  // With 32 under way a lost connection has at most 4 MiB, half of the buffer, to send again.
  maxBatchBytes: 128 * 1024,
};

/**
 * Calls an export's callback when the collector has taken the records (code 0), or when some of them are lost (1).
 * No flush or shutdown rejects or takes longer than `flushTimeoutMs`: OTel's batch processor stops for ever if one does.
 */
export function createWebSocketExporter(options: WebSocketExporterOptions): WebSocketExporter {
  const clientId = createClientId();
  const uidPrefix = shortId(clientId);
  const maxRecordLength = options.maxRecordLength ?? 65_536;
  let told = options.resource;
  let recordNumber = 0;
  let acknowledged = 0;
  let refused = 0;
  let refusedReason: string | undefined;
  let isShutDown = false;
  const flushes = new Set<() => void>();
  const groups = createGroups((resource) => resource === told);

  const itemOf = (record: ReadableLogRecord, settle?: (taken: boolean) => void): Item => {
    const text = encodeRecord(record, `${uidPrefix}-${++recordNumber}`, maxRecordLength);
    return {
      text,
      bytes: utf8Length(text),
      timeMs: record.hrTime[0] * 1_000 + Math.floor(record.hrTime[1] / 1e6),
      group: groups.of(record.resource, record.instrumentationScope),
      ...(settle !== undefined && { settle }),
    };
  };
  const outbox = createOutbox(
    { ...(options.buffer ?? defaultBuffer), ...batchLimits },
    () => connection.maxMessageBytes,
    (dropped) => itemOf(droppedRecord(dropped, told as ReadableLogRecord["resource"])),
  );
  const refuse = (records: number, reason: string): void => {
    refused += records;
    refusedReason = reason;
  };
  const connection = createConnection({
    url: options.serverUrl,
    clientId,
    WebSocket: options.WebSocket ?? globalThis.WebSocket,
    hello: () => ({
      resource: { "service.name": "unknown_service", ...told?.attributes },
      platform: options.platform(),
      ...(options.token !== undefined && { token: options.token }),
    }),
    outbox,
    backoff: createBackoff(options.random ?? Math.random),
    onRefused: refuse,
    onProgress: () => checkFlushes(),
  });

  /** There is something to wait for only while a connection is there or on its way. */
  const isUnderWay = (): boolean => outbox.size > 0 && /^(connecting|greeting|open)$/.test(connection.state);
  const checkFlushes = (): void => {
    if (flushes.size > 0 && !isUnderWay()) for (const done of flushes) done();
  };
  const flush = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        cancel();
        flushes.delete(done);
        resolve();
      };
      const cancel = after(options.flushTimeoutMs ?? 2_000, done);
      flushes.add(done);
      connection.pump();
      checkFlushes();
    });

  return {
    get status() {
      const { state, streamName, problem } = connection;
      const counts = { buffered: outbox.size, acknowledged, dropped: outbox.dropped, refused, refusedReason };
      return { state, clientId, streamName, problem, ...counts };
    },
    connect: () => connection.start(),
    wake: () => connection.wake(),
    rest: (reason) => connection.rest(reason),
    export(records, callback) {
      if (isShutDown) return callback({ code: 1, error: new Error("the exporter has been shut down") });
      if (records.length === 0) return callback({ code: 0 });
      told ??= records[0]?.resource;
      let unsettled = records.length;
      let lost = 0;
      const settle = (taken: boolean): void => {
        if (taken) acknowledged++;
        else lost++;
        if (--unsettled > 0) return;
        callback(lost === 0 ? { code: 0 } : { code: 1, error: new Error(`${lost} records were dropped`) });
      };
      for (const record of records) {
        try {
          outbox.add(itemOf(record, settle));
        } catch (error) {
          // An accessor in somebody else's value that throws. The others of the batch are not to suffer.
          refuse(1, String(error));
          settle(false);
        }
      }
      connection.start();
      connection.pump();
    },
    forceFlush: flush,
    async shutdown() {
      if (isShutDown) return;
      isShutDown = true;
      await flush();
      connection.stop("shutdown");
      outbox.clear();
    },
  };
}
