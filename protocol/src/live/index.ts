// The devmux WebSocket protocol, version 1. PROTOCOL.md is its reference.

export type { Fault } from "./check.ts";
export { encodeExport, encodeMessage } from "./encode.ts";
export type { Parsed } from "./envelope.ts";
export type { CloseCode, ErrorCode } from "./errors.ts";
export { closeCodes, errorCodes } from "./errors.ts";
export type { ExportFrame } from "./frame.ts";
export { encodeExportFrame, framePrefixBytes, maxSequence, parseExportFrame } from "./frame.ts";
export type { MessageLimits } from "./limits.ts";
export { defaultLimits } from "./limits.ts";
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
export { parseClientMessage } from "./parse-client.ts";
export { parseServerMessage } from "./parse-server.ts";
export { readServerMessage } from "./read-server.ts";
export { logPayloadToRecord } from "./record.ts";
export { helloToResource, streamOfHello } from "./resource.ts";
