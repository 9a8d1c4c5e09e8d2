// What one connection has not delivered, for another in its place.

import type { Connection } from "./connection.ts";
import type { Outbox } from "./outbox.ts";
import type { ExporterStatus } from "./status.ts";

/** Frames for a connection that takes this one's place, of the same client. */
export interface Unsettled {
  readonly url: string;
  readonly hello: string;
  /** Oldest first. */
  readonly messages: readonly { readonly sequence: number; readonly text: string }[];
}

/** Where an exporter keeps it. */
export interface UnsettledParts {
  readonly url: string;
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly status: ExporterStatus;
}

/** All that is not acknowledged; undefined where there is nothing, or nobody would take it. */
export function unsettledOf({ url, connection, outbox, status }: UnsettledParts): Unsettled | undefined {
  outbox.unsent();
  const messages = outbox.batches().map((each) => ({ sequence: each.sequence, text: connection.exportOf(each) }));
  return messages.length > 0 && status.state !== "stopped" ? { url, hello: connection.hello(), messages } : undefined;
}
