// The sender as a LogRecordExporter, for apps that set up OTel by themselves.

import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import { defaultLimits } from "../values/limits.ts";
import { createCare } from "./care.ts";
import type { Sender, SenderOptions } from "./sender.ts";
import { createSender } from "./sender.ts";
import type { ExporterStatus } from "./status.ts";
import { createWriting } from "./writing.ts";

export interface WebSocketExporter extends LogRecordExporter {
  readonly status: Readonly<ExporterStatus>;
  /** Connects before there is anything to send; `atOnce` where it waits, too: the user or the network is back. */
  connect(atOnce?: boolean): void;
  /**
   * The page goes away, perhaps to come back: says goodbye. Until `connect`, what the socket has not taken leaves by
   * OTLP/HTTP, as much as a page that ends may send.
   */
  rest(reason: string): void;
}

export type WebSocketExporterOptions = SenderOptions;

/**
 * Calls an export's callback when the collector has taken the records (code 0), or when some of them are lost (1).
 * No flush or shutdown rejects or takes longer than `flushTimeoutMs`: OTel's batch processor stops for ever if one does.
 */
export function createWebSocketExporter(options: WebSocketExporterOptions): WebSocketExporter {
  const sender: Sender = createSender({
    care: createCare,
    writing: createWriting(defaultLimits.recordLength),
    ...options,
  });
  let isShutDown = false;
  return {
    status: sender.status,
    connect: sender.connect,
    rest: sender.rest,
    export(records, callback) {
      let unsettled = records.length;
      let lost = 0;
      if (isShutDown || unsettled === 0) return callback({ code: Number(isShutDown) });
      sender.send(records, (isTaken) => {
        if (!isTaken) lost++;
        if (--unsettled === 0)
          callback(lost ? { code: 1, error: new Error(`${lost} records were lost`) } : { code: 0 });
      });
    },
    forceFlush: sender.flush,
    shutdown() {
      isShutDown = true;
      return sender.shutdown();
    },
  };
}
