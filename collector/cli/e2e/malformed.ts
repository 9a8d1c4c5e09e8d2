// Fifty messages that are wrong in one way each, with what the error must name.

const meta = { clientId: "clumsy", timestamp: 1 };
const envelope = (changes: object) =>
  JSON.stringify({ protocol: "devmux-telemetry", version: 1, type: "log", payload: goodLog, meta, ...changes });
const goodLog = { timestamp: 1, severityNumber: 9, severityText: "log", body: "x" };
const log = (changes: object) => envelope({ payload: { ...goodLog, ...changes } });
const hello = (payload: unknown) => envelope({ type: "hello", payload });
const exporting = (payload: unknown) => envelope({ type: "export", payload });
const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

export const malformedMessages: readonly { readonly text: string; readonly names: string }[] = [
  { text: "", names: "JSON" },
  { text: "{", names: "JSON" },
  { text: "hello", names: "JSON" },
  { text: "{'a':1}", names: "JSON" },
  { text: "\u0000", names: "JSON" },
  { text: "null", names: "an object" },
  { text: "5", names: "an object" },
  { text: '"text"', names: "an object" },
  { text: "[]", names: "an object" },
  { text: "{}", names: "protocol" },
  { text: envelope({ protocol: undefined }), names: "protocol" },
  { text: envelope({ protocol: "otlp" }), names: "protocol" },
  { text: envelope({ protocol: 1 }), names: "protocol" },
  { text: envelope({ version: undefined }), names: "version" },
  { text: envelope({ version: 2 }), names: "version" },
  { text: envelope({ version: "1" }), names: "version" },
  { text: envelope({ type: undefined }), names: "type" },
  { text: envelope({ type: "trace" }), names: "type" },
  { text: envelope({ type: 5 }), names: "type" },
  { text: envelope({ type: "__proto__" }), names: "type" },
  { text: envelope({ type: "ack", payload: { sequence: 1 } }), names: "type" },
  { text: envelope({ payload: undefined }), names: "payload" },
  { text: envelope({ payload: null }), names: "payload" },
  { text: envelope({ payload: "x" }), names: "payload" },
  { text: envelope({ payload: [] }), names: "payload" },
  { text: envelope({ meta: undefined }), names: "meta" },
  { text: envelope({ meta: 1 }), names: "meta" },
  { text: envelope({ meta: {} }), names: "meta.clientId" },
  { text: envelope({ meta: { clientId: "", timestamp: 1 } }), names: "meta.clientId" },
  { text: envelope({ meta: { clientId: 5, timestamp: 1 } }), names: "meta.clientId" },
  { text: envelope({ meta: { clientId: "c".repeat(129), timestamp: 1 } }), names: "meta.clientId" },
  { text: envelope({ meta: { clientId: "c" } }), names: "meta.timestamp" },
  { text: envelope({ meta: { clientId: "c", timestamp: "now" } }), names: "meta.timestamp" },
  { text: envelope({ meta: { clientId: "c", timestamp: -1 } }), names: "meta.timestamp" },
  { text: log({ timestamp: undefined }), names: "payload.timestamp" },
  { text: log({ timestamp: "2026" }), names: "payload.timestamp" },
  { text: log({ timestamp: 1e300 }), names: "payload.timestamp" },
  { text: log({ severityNumber: undefined }), names: "payload.severityNumber" },
  { text: log({ severityNumber: 25 }), names: "payload.severityNumber" },
  { text: log({ severityNumber: -1 }), names: "payload.severityNumber" },
  { text: log({ severityNumber: 9.5 }), names: "payload.severityNumber" },
  { text: log({ severityNumber: "9" }), names: "payload.severityNumber" },
  { text: log({ severityText: undefined }), names: "payload.severityText" },
  { text: log({ severityText: 9 }), names: "payload.severityText" },
  { text: log({ attributes: "x" }), names: "payload.attributes" },
  { text: log({ attributes: [1] }), names: "payload.attributes" },
  {
    text: log({ attributes: Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [index, 1])) }),
    names: "payload.attributes",
  },
  { text: log({ body: deep(500) }), names: "payload.body" },
  { text: log({ source: "App.tsx:1" }), names: "payload.source" },
  { text: log({ source: { line: "1" } }), names: "payload.source.line" },
  { text: log({ exception: "TypeError" }), names: "payload.exception" },
  { text: log({ exception: { type: 5, message: "x" } }), names: "payload.exception.type" },
  { text: hello({}), names: "payload.resource" },
  { text: exporting({ request: {} }), names: "payload.sequence" },
  { text: exporting({ sequence: 0, request: {} }), names: "payload.sequence" },
  { text: exporting({ sequence: 1.5, request: {} }), names: "payload.sequence" },
];
