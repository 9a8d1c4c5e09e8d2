// What the transport can say of itself: one object, kept up to date.

/**
 * idle: not asked to connect yet, or asked to rest (the page is hidden for good) · connecting: the socket opens ·
 * greeting: hello is sent · open: records flow · waiting: the next attempt has its time · stopped: there will be none.
 */
export type ConnectionState = "idle" | "connecting" | "greeting" | "open" | "waiting" | "stopped";

export interface ExporterStatus {
  state: ConnectionState;
  readonly clientId: string;
  /** The stream that the collector gave, once it has. */
  streamName?: string;
  /** Why nothing arrives, where that is known. */
  problem?: string | undefined;
  /** Records that wait, sent or not. */
  buffered: number;
  acknowledged: number;
  /** The buffer was full, or the app ended first. */
  dropped: number;
  /** The collector would not take them. */
  refused: number;
  refusedReason?: string | undefined;
}

/** A UUID as the client's id. `crypto.randomUUID` is missing on pages that are not secure, and `crypto` on Hermes. */
export function createId(): string {
  const random = (): string => Math.random().toString(36).slice(2);
  return globalThis.crypto?.randomUUID?.() ?? random() + random();
}

export function createStatus(clientId: string = createId()): ExporterStatus {
  return {
    state: "idle",
    clientId,
    buffered: 0,
    acknowledged: 0,
    dropped: 0,
    refused: 0,
  };
}
