// The devmux WebSocket protocol, version 1: the messages as types.

export const protocolName = "devmux-telemetry";
export const protocolVersion = 1;

export interface Meta {
  /** Stable for one app session (a page load); at most 128 characters. */
  readonly clientId: string;
  /** Given by the collector in `hello-ack`. */
  readonly sessionId?: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
}

export interface Envelope<Type extends string, Payload> {
  readonly protocol: typeof protocolName;
  readonly version: typeof protocolVersion;
  readonly type: Type;
  readonly payload: Payload;
  readonly meta: Meta;
}

export type PlatformKind = "browser" | "react-native" | "expo" | "node";

export interface Platform {
  readonly kind: PlatformKind;
  readonly os?: string;
  readonly url?: string;
  readonly userAgent?: string;
  readonly bundler?: string;
}

export interface HelloPayload {
  /** Flat: strings, numbers, booleans or arrays of them; `service.name` is required. */
  readonly resource: { readonly "service.name": string; readonly [key: string]: unknown };
  readonly platform: Platform;
  /** The collector's `telemetry.token`, where one is set and the client is on the network. */
  readonly token?: string;
}

export interface HelloAckPayload {
  readonly sessionId: string;
  readonly streamName: string;
  /** Highest sequence that the collector has taken from this clientId; 0 for none. The client forgets these. */
  readonly lastSequence: number;
  /** Unacknowledged `export` messages that the client may have under way. */
  readonly window: number;
  readonly maxMessageBytes: number;
}

export interface SourceLocation {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ExceptionPayload {
  readonly type: string;
  readonly message: string;
  readonly stacktrace?: string;
  readonly isUnhandled?: boolean;
}

export interface LogPayload {
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly source?: SourceLocation;
  readonly exception?: ExceptionPayload;
}

export interface ExportPayload {
  /** 1, 2, 3 … for each clientId. */
  readonly sequence: number;
  /** An OTLP/JSON ExportLogsServiceRequest; the session's resource is added to each of its resources. */
  readonly request: object;
}

export interface AckPayload {
  /** Everything up to and including it is taken. */
  readonly sequence: number;
  readonly rejected?: number;
  readonly message?: string;
}

export interface ErrorPayload {
  readonly code: string;
  readonly error: string;
  readonly retryAfterMs?: number;
  readonly sequence?: number;
}

export interface GoodbyePayload {
  readonly reason?: string;
}

export type ClientMessage =
  | Envelope<"hello", HelloPayload>
  | Envelope<"log", LogPayload>
  | Envelope<"export", ExportPayload>
  | Envelope<"goodbye", GoodbyePayload>;

export type ServerMessage =
  | Envelope<"hello-ack", HelloAckPayload>
  | Envelope<"ack", AckPayload>
  | Envelope<"error", ErrorPayload>;
