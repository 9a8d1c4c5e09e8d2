// The devmux WebSocket protocol, version 1. PROTOCOL.md is its reference.

export type {
  AckPayload,
  ClientMessage,
  Envelope,
  ErrorPayload,
  ExceptionPayload,
  ExportPayload,
  GoodbyePayload,
  HelloAckPayload,
  HelloPayload,
  LogPayload,
  Meta,
  Platform,
  PlatformKind,
  ServerMessage,
  SourceLocation,
} from "./messages.ts";
export { protocolName, protocolVersion } from "./messages.ts";
