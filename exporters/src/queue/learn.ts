// What a line of the queue tells the exporter: an event that is there, its content, or that its status has changed.

import { keyOfHash, keyOfId, type Memory } from "./memory.ts";
import { applies } from "./work/fold.ts";
import { asPatch, type StatusPatch } from "./work/patch.ts";

/** `event`: an event of ours is there, by its key. `sealed`: what matters of the files before is in this one now. */
export type Learnt = { readonly kind: "event"; readonly key: number } | { readonly kind: "sealed" | "nothing" };

interface SeenEvent {
  readonly id: string;
  readonly timestamp: string;
  readonly severity: string;
  readonly contentHash: string;
  readonly firstSeen: string;
  readonly status: string;
  readonly rev: number;
}

const nothing: Learnt = { kind: "nothing" };

/** The line without its LF; bytes of UTF-8 read as Latin-1 will do, because what is looked at is ASCII. */
export function learn(line: string, memory: Memory): Learnt {
  const event = ownEvent(line);
  if (event !== undefined) return remember(event, memory);
  const value = parseObject(line);
  if (value === undefined) return nothing;
  const patch = asPatch(value);
  if (patch?.op === "sealed") return { kind: "sealed" };
  if (patch?.op === "status") changeStatus(patch, memory);
  if (patch !== undefined) return nothing;
  const other = otherEvent(value);
  return other === undefined ? nothing : remember(other, memory);
}

function remember(event: SeenEvent, memory: Memory): Learnt {
  const { id, contentHash, severity, status, rev } = event;
  const key = keyOfId(id);
  const contentKey = keyOfHash(contentHash);
  memory.addEvent(key);
  const firstSeen = Date.parse(event.firstSeen);
  const known = memory.content(contentKey);
  // Of several events with one content the last is the one that counts what comes; of its own lines the one that knows more.
  const isNews = known === undefined || known.id !== id || rev >= known.rev;
  if (!isNews) memory.setContent(contentKey, known);
  else if (Number.isFinite(firstSeen))
    memory.setContent(contentKey, { id, firstSeen, status, rev, isWork: severity !== "info" });
  return { kind: "event", key };
}

function changeStatus(patch: StatusPatch, memory: Memory): void {
  const contentKey = memory.contentKeyOf(patch.id);
  const content = contentKey === undefined ? undefined : memory.content(contentKey);
  if (contentKey === undefined || content === undefined || content.id !== patch.id || !applies(patch, content)) return;
  memory.setContent(contentKey, { ...content, status: patch.status, rev: content.rev + 1 });
}

/**
 * Inside a string of JSON a quotation mark has a backslash before it: none of these can be part of a text. A line that begins
 * twice is a torn one that another program did not keep apart from the next.
 */
const begin = /^\{"id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})","timestamp":"([^"\\]{20,40})"/;
const severityField = /"severity":"([a-z]{1,20})"/;
const end =
  /"status":"([a-z]{1,20})","contentHash":"([0-9a-f]{16,64})","firstSeen":"([^"\\]{20,40})"(?:,"truncated":true)?\}\r?$/;

function ownEvent(line: string): SeenEvent | undefined {
  if (line.indexOf('{"id":"', 1) > 0) return undefined;
  const [, id, timestamp] = begin.exec(line) ?? [];
  if (id === undefined || timestamp === undefined) return undefined;
  const [, status, contentHash, firstSeen] = end.exec(line) ?? [];
  const [, severity] = severityField.exec(line) ?? [];
  if (status === undefined || contentHash === undefined || firstSeen === undefined || severity === undefined)
    return undefined;
  return { id, timestamp, severity, contentHash, firstSeen, status, rev: 0 };
}

/** A line of ours that was carried over, or that another program wrote again in its own way. What is none of ours cannot come again. */
function otherEvent(value: Readonly<Record<string, unknown>>): SeenEvent | undefined {
  const { id, timestamp, severity, contentHash, firstSeen, status, rev } = value;
  if (typeof id !== "string" || !uuid.test(id)) return undefined;
  if (typeof contentHash !== "string" || !hash.test(contentHash)) return undefined;
  if (typeof timestamp !== "string" || typeof firstSeen !== "string") return undefined;
  return {
    id,
    timestamp,
    severity: typeof severity === "string" ? severity : "error",
    contentHash,
    firstSeen,
    status: typeof status === "string" ? status : "pending",
    rev: Number.isSafeInteger(rev) ? (rev as number) : 0,
  };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const hash = /^[0-9a-f]{16,64}$/;

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  const text = line.replace(/^\u00ef\u00bb\u00bf/, "");
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
