// A raw client for benchmarks: sends `count` records as `log` or `export` messages, so many a second or as fast as the socket
// takes them.
//
//   node client.mjs <host:port> log|export <count> [records a second]

import { once } from "node:events";
import { WebSocket } from "ws";

const [authority, kind, countText, rateText] = process.argv.slice(2);
const count = Number(countText);
const rate = rateText === undefined ? Number.POSITIVE_INFINITY : Number(rateText);
/** Records of one `export`, as the SDK sends them under load. */
const batchSize = 64;
const meta = { clientId: `bench-${process.pid}`, timestamp: Date.now() };
const message = (type, payload) => JSON.stringify({ protocol: "devmux-telemetry", version: 1, type, payload, meta });

const socket = new WebSocket(`ws://${authority}`, { perMessageDeflate: false });
await once(socket, "open");
let acknowledged = 0;
let opened;
let moved = () => {};
const ready = new Promise((resolve) => {
  opened = resolve;
});
socket.on("message", (data) => {
  const { type, payload } = JSON.parse(String(data));
  if (type === "hello-ack") opened(payload);
  if (type === "ack") acknowledged = payload.sequence;
  moved();
});
socket.send(
  message("hello", {
    resource: { "service.name": "bench" },
    platform: { kind: "browser", url: "http://localhost:3000/" },
  }),
);
const { window } = await ready;

const bodyOf = (index) => `record ${index}: the quick brown fox jumps over the lazy dog`;
/** Back-pressure as a client feels it: no more in user space than this. */
const maxBufferedBytes = 1024 * 1024;

const startedAt = performance.now();
/** Waits until the record with this index is due. */
async function due(index) {
  while (((performance.now() - startedAt) / 1_000) * rate < index)
    await new Promise((resolve) => setTimeout(resolve, 2));
}

if (kind === "log") {
  const [head, tail] = message("log", {
    timestamp: Date.now(),
    severityNumber: 9,
    severityText: "log",
    body: "BODY",
    attributes: { "code.file.path": "http://localhost:3000/src/app.ts", "code.line.number": 42 },
  }).split("BODY");
  for (let index = 0; index < count; index++) {
    socket.send(head + bodyOf(index) + tail);
    if (index % 64 === 0) await due(index);
    if (index % 256 === 0) while (socket.bufferedAmount > maxBufferedBytes) await new Promise(setImmediate);
  }
} else {
  const attributes = [
    { key: "code.file.path", value: { stringValue: "http://localhost:3000/src/app.ts" } },
    { key: "code.line.number", value: { intValue: 42 } },
  ];
  let sequence = 0;
  for (let from = 0; from < count; from += batchSize) {
    const size = Math.min(batchSize, count - from);
    await due(from + size);
    const timeUnixNano = `${Date.now()}000000`;
    const logRecords = Array.from({ length: size }, (_, index) => ({
      timeUnixNano,
      severityNumber: 9,
      severityText: "log",
      body: { stringValue: bodyOf(from + index) },
      attributes: [...attributes, { key: "log.record.uid", value: { stringValue: `${process.pid}-${from + index}` } }],
    }));
    sequence++;
    while (sequence - acknowledged > window) await new Promise((resolve) => (moved = resolve));
    socket.send(message("export", { sequence, request: { resourceLogs: [{ scopeLogs: [{ logRecords }] }] } }));
  }
  while (acknowledged < sequence) await new Promise((resolve) => (moved = resolve));
}
process.on("message", () => {
  socket.close();
  process.exit(0);
});
