// Messages as text.

import type { ClientMessage, Meta, ServerMessage } from "./messages.ts";
import { protocolName, protocolVersion } from "./messages.ts";

type Message = ClientMessage | ServerMessage;
type PayloadOf<Type extends Message["type"]> = Extract<Message, { type: Type }>["payload"];

/** The text frame of a message. Throws only where the payload is no JSON (a bigint, a cycle). */
export function encodeMessage<Type extends Message["type"]>(type: Type, payload: PayloadOf<Type>, meta: Meta): string {
  return envelope(type, JSON.stringify(payload), meta);
}

/** The text frame of an `export` whose request is JSON text already: it is not parsed and written again. */
export function encodeExport(sequence: number, requestJson: string, meta: Meta): string {
  return envelope("export", `{"sequence":${sequence},"request":${requestJson}}`, meta);
}

function envelope(type: Message["type"], payload: string, meta: Meta): string {
  const head = `{"protocol":"${protocolName}","version":${protocolVersion},"type":"${type}"`;
  return `${head},"payload":${payload},"meta":${JSON.stringify(meta)}}`;
}
