// The closed list of codes in an `error` message, and the codes that a connection is closed with. PROTOCOL.md
// documents each; a test holds the two together.

export const errorCodes = {
  /** The text is no JSON. */
  badJson: "DEVMUX_BAD_JSON",
  /** A field of the envelope or payload is missing or of a wrong type. */
  badMessage: "DEVMUX_BAD_MESSAGE",
  /** `protocol` is not `devmux-telemetry`. */
  unknownProtocol: "DEVMUX_UNKNOWN_PROTOCOL",
  /** `version` is not one that the receiver speaks. */
  unknownVersion: "DEVMUX_UNKNOWN_VERSION",
  /** `type` is not one that this side takes. */
  unknownType: "DEVMUX_UNKNOWN_TYPE",
  /** A frame, text or binary, is longer than the receiver takes. */
  tooLarge: "DEVMUX_TOO_LARGE",
  /** A body or an attribute is nested deeper than the receiver takes. */
  tooDeep: "DEVMUX_TOO_DEEP",
  /** A record or a resource has more attributes than the receiver takes. */
  tooManyAttributes: "DEVMUX_TOO_MANY_ATTRIBUTES",
  /** A binary frame does not begin with the prefix of this protocol. */
  badFrame: "DEVMUX_BAD_FRAME",
  /** An `export` carries no OTLP request. */
  badRequest: "DEVMUX_BAD_REQUEST",
  /** Something came before `hello`. */
  helloExpected: "DEVMUX_HELLO_EXPECTED",
  /** A second `hello` on one connection. */
  helloTwice: "DEVMUX_HELLO_TWICE",
  /** The collector asks for a token, and the hello's is missing or wrong. */
  tokenRefused: "DEVMUX_TOKEN_REFUSED",
  /** The collector cannot take it now; with `retryAfterMs`. */
  busy: "DEVMUX_BUSY",
  /** The collector will never take it. */
  rejected: "DEVMUX_REJECTED",
} as const;

export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes];

export const closeCodes = {
  /** The client said goodbye, or the collector stops for good. */
  normal: 1000,
  /** The collector is going away or restarting: come back with back-off. */
  goingAway: 1001,
  /** A frame was longer than `maxMessageBytes`. */
  tooLarge: 1009,
  /** The collector restarts. */
  restart: 1012,
  /** Too much at once: come back with back-off. */
  tryAgainLater: 1013,
  /** The token is missing or wrong: do not come back with the same one. */
  tokenRefused: 4401,
  /** The page's origin is not allowed: do not come back. */
  originRefused: 4403,
  /** No `hello` in time. */
  helloTimeout: 4408,
  /** The same clientId has connected again; this connection was the older one. */
  replaced: 4409,
  /** Too many connections. */
  tooManyConnections: 4429,
} as const;

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];
