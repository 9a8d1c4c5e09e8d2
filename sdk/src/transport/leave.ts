// What is left when a page goes away, by OTLP/HTTP to the same collector: a keepalive request outlives the page, a socket
// does not. The records keep their identity, so that what arrives by both ways is one to whoever looks at it.

import type { HelloPayload } from "@chriscode/devmux-telemetry-protocol";
import {
  ATTR_DEVMUX_PLATFORM,
  ATTR_DEVMUX_STREAM_NAME,
  ATTR_URL_FULL,
  ATTR_USER_AGENT_ORIGINAL,
} from "@chriscode/devmux-telemetry-protocol";
import type { ToAnyValue } from "./encode-record.ts";
import { keyValues, toJson } from "./encode-record.ts";
import type { Batch, Outbox } from "./outbox.ts";
import { requestOf } from "./outbox.ts";

/** All keepalive requests of a page together may have 64 KiB (the Fetch standard); the app has its own. */
const maxBytes = 60_000;
/** Of one request, so that as much as there is room for leaves; browsers take nine of them. */
export const leavingBatchBytes = 12_000;

/**
 * Never throws. A batch that the collector has taken leaves the outbox; one that fails stays, and goes
 * again with the next connection of a page that returns.
 */
export function postBeforeLeaving(
  serverUrl: string,
  token: string | undefined,
  hello: HelloPayload,
  streamName: string | undefined,
  batches: readonly Batch[],
  outbox: Outbox,
  anyValue: ToAnyValue,
): void {
  // Only a browser's page ends so.
  const { kind, url, userAgent } = hello.platform;
  const told = toJson({
    attributes: keyValues(
      {
        ...hello.resource,
        [ATTR_DEVMUX_PLATFORM]: kind,
        [ATTR_URL_FULL]: url,
        [ATTR_USER_AGENT_ORIGINAL]: userAgent,
        [ATTR_DEVMUX_STREAM_NAME]: streamName,
      },
      anyValue,
    ),
  });
  let left = maxBytes;
  for (const batch of batches) {
    left -= batch.bytes + told.length;
    if (left < 0) return;
    batch.sent = true;
    try {
      // Records of the hello's own resource do not repeat it; here there is no hello.
      const body = requestOf(batch).replaceAll('{"resource":{},', `{"resource":${told},`);
      fetch(`${serverUrl.replace(/^ws/, "http").replace(/\/+$/, "")}/v1/logs`, {
        method: "POST",
        keepalive: true,
        headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
        body,
      }).then(
        ({ ok }) => ok && outbox.settle("acknowledged", batch.sequence),
        () => {},
      );
    } catch {
      // As if it had failed.
    }
  }
}
