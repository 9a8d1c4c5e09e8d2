// Records over the devmux WebSocket. A record that is taken over is text in a bounded buffer from then on, and leaves it when
// the collector has acknowledged it.

import type { HelloPayload } from "@chriscode/devmux-telemetry-protocol";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { createCare } from "./care.ts";
import { createConnection } from "./connection.ts";
import type { EncodableRecord } from "./encode-record.ts";
import { byteLength, encodeRecord } from "./encode-record.ts";
import { createGroups } from "./groups.ts";
import { leavingBatchBytes, postBeforeLeaving } from "./leave.ts";
import type { BufferLimits, Item, Settle } from "./outbox.ts";
import { createOutbox, defaultBuffer } from "./outbox.ts";
import { plainValue } from "./plain-value.ts";
import type { ExporterStatus } from "./status.ts";
import { createStatus } from "./status.ts";
import { after } from "./timers.ts";
import type { UnsettledParts } from "./unsettled.ts";
import type { Writing } from "./writing.ts";

export interface SenderOptions {
  /** `ws://127.0.0.1:9876` */
  readonly serverUrl: string;
  readonly platform: () => HelloPayload["platform"];
  /** What the hello tells the collector; else the first record's. Records of another resource carry theirs with them. */
  readonly resource?: ReadableLogRecord["resource"];
  readonly token?: string | undefined;
  /** Default: a new one. */
  readonly clientId?: string;
  readonly buffer?: BufferLimits;
  /** Set as soon as it is there. */
  writing?: Writing | undefined;
  care?: typeof createCare | undefined;
  /** Kept up to date; default: a new one. */
  readonly status?: ExporterStatus;
  /** Instead of the platform's own. */
  readonly WebSocket?: (new (url: string) => WebSocket) | undefined;
  /** Jitter of the back-off, from 0 to 1. */
  readonly random?: () => number;
  /** How long forceFlush and shutdown wait for acknowledgements. Default: two seconds; a page that closes has no longer. */
  readonly flushTimeoutMs?: number;
}

export interface Sender {
  readonly status: Readonly<ExporterStatus>;
  /** Connects before there is anything to send; `atOnce` where it waits, too: the user or the network is back. */
  connect(atOnce?: boolean): void;
  /**
   * The page goes away, perhaps to come back: says goodbye. Until `connect`, what the socket has not taken leaves by
   * OTLP/HTTP, as much as a page that ends may send.
   */
  rest(reason: string): void;
  /** For who sends what is left, where this cannot any more (unsettled.ts); undefined where it keeps nothing. */
  readonly parts?: UnsettledParts;
  /** Takes records over. `settle` is called once for each: the collector took it (true), or it is lost (false). */
  send(records: readonly ReadableLogRecord[], settle?: Settle): void;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** No flush or shutdown rejects or takes longer than `flushTimeoutMs`. */
export function createSender(options: SenderOptions): Sender {
  const { status = createStatus(options.clientId) } = options;
  let told = options.resource;
  let recordNumber = 0;
  let isShutDown = false;
  let isResting = false;
  const flushes = new Set<() => void>();
  const anyValue = (value: unknown): object => (options.writing?.anyValue ?? plainValue)(value);
  const groupOf = createGroups((resource) => resource === told, anyValue);

  const itemOf = (record: EncodableRecord, settle?: Settle): Item => {
    // 48 bits of the client's id.
    const uid = `${status.clientId.slice(0, 13)}-${++recordNumber}`;
    const text = options.writing?.encode(record, uid) ?? encodeRecord(record, uid, plainValue);
    const timeMs = record.hrTime[0] * 1_000 + record.hrTime[1] / 1e6;
    return { text, bytes: byteLength(text), timeMs, group: groupOf(record), settle };
  };
  const outbox = createOutbox(
    options.buffer ?? defaultBuffer,
    () => connection.maxMessageBytes(),
    (dropped) => options.writing && itemOf(options.writing.markerOf(dropped)),
    status,
  );
  /** A flush waits only while a connection is there or on its way. */
  const endFlushes = (): void => {
    if (status.buffered > 0 && !/idle|waiting|stopped/.test(status.state)) return;
    for (const done of flushes) done();
    flushes.clear();
  };
  const hello = (): HelloPayload => ({
    resource: { "service.name": "unknown_service", ...told?.attributes },
    platform: options.platform(),
    ...(options.token && { token: options.token }),
  });
  const connection = createConnection({
    options,
    hello,
    outbox,
    status,
    onProgress: endFlushes,
  });
  const leaveByHttp = (): void => {
    const unsent = outbox.unsent(leavingBatchBytes);
    if (unsent.length > 0 && status.state !== "stopped")
      postBeforeLeaving(options.serverUrl, options.token, hello(), status.streamName, unsent, outbox, anyValue);
  };
  const flush = (): Promise<void> =>
    new Promise((done) => {
      flushes.add(done);
      after(options.flushTimeoutMs ?? 2_000, () => {
        flushes.delete(done);
        done();
      });
      connection.pump();
      endFlushes();
    });

  return {
    status,
    connect(atOnce) {
      isResting = false;
      connection.start(atOnce);
    },
    rest(reason) {
      isResting = true;
      leaveByHttp();
      connection.leave("idle", reason);
    },
    parts: { url: options.serverUrl, connection, outbox, status },
    send(records, settle) {
      told ??= records[0]?.resource;
      for (const record of records) {
        try {
          if (isShutDown) throw new Error("shut down");
          outbox.add(itemOf(record, settle));
        } catch (error) {
          // An accessor in somebody else's value that throws. The others of the batch are not to suffer.
          status.refused++;
          status.refusedReason = String(error);
          settle?.(false);
        }
      }
      // A page that goes away has no time for another connection.
      if (isResting) return leaveByHttp();
      connection.start();
      connection.pump();
    },
    flush,
    shutdown() {
      isShutDown = true;
      return flush().then(() => {
        connection.leave("stopped", "shutdown");
        outbox.clear();
      });
    },
  };
}
