// Messages as text.

import type { ClientMessage, Meta, ServerMessage } from "./messages.ts";
import { protocolName, protocolVersion } from "./messages.ts";

type Message = ClientMessage | ServerMessage;
type PayloadOf<Type extends Message["type"]> = Extract<Message, { type: Type }>["payload"];

/** The text frame of a message. Throws only where the payload is no JSON (a bigint, a cycle). */
export function encodeMessage<Type extends Message["type"]>(type: Type, payload: PayloadOf<Type>, meta: Meta): string {
  return JSON.stringify({ protocol: protocolName, version: protocolVersion, type, payload, meta });
}

/** The text frame of an `export` whose request is JSON text already: it is not parsed and written again. */
export function encodeExport(sequence: number, requestJson: string, meta: Meta): string {
  return `{"protocol":"${protocolName}","version":${protocolVersion},"type":"export","payload":{"sequence":${sequence},"request":${requestJson}},"meta":${JSON.stringify(meta)}}`;
}
