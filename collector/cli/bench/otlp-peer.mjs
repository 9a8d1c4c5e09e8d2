// The two ends of the OTLP benchmark: `sender PORT RECORDS` posts the same batch over four connections, `backend` counts the
// records of what it gets.

import { Agent, createServer, request } from "node:http";
import { gunzipSync } from "node:zlib";
import { Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";

const [role, port, records] = process.argv.slice(2);
if (role === "sender") sender();
else backend();

/** About 350 bytes a record, as a page's console writes them. */
function batch() {
  const builder = new LogsBuilder({ "service.name": "bench", "service.version": "1.2.3" }, { name: "console" });
  for (let index = 0; index < Number(records); index++) {
    builder.add({
      timeMs: Date.now(),
      observedTimeMs: Date.now(),
      severityNumber: 9,
      severityText: "log",
      body: `record ${index}: the quick brown fox jumps over the lazy dog and goes on to the next one of them`,
      attributes: {
        "log.record.uid": `0123456789abcdef-${index}`,
        "code.file.path": "http://localhost:3000/src/components/cart/checkout.tsx",
        "code.line.number": index,
        "browser.console.method": "log",
        "url.full": "http://localhost:3000/checkout?step=2",
      },
    });
  }
  return builder.build().encode();
}

function sender() {
  const body = Buffer.from(batch());
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const post = () =>
    new Promise((resolve) => {
      const call = request({
        port,
        host: "127.0.0.1",
        path: "/v1/logs",
        method: "POST",
        agent,
        headers: { "content-type": "application/x-protobuf", "content-length": body.length },
      });
      call.on("response", (response) => response.resume().on("end", () => resolve(response.statusCode === 200)));
      call.on("error", () => resolve(false));
      call.end(body);
    });
  process.on("message", async ({ seconds }) => {
    let sent = 0;
    const until = Date.now() + seconds * 1_000;
    const worker = async () => {
      while (Date.now() < until) if (await post()) sent += Number(records);
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    process.send({ sent });
  });
  process.send("ready");
}

function backend() {
  let count = 0;
  const server = createServer((incoming, response) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const raw = Buffer.concat(chunks);
      count += Logs.fromProtobuf(incoming.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw).itemCount;
      response.writeHead(200).end();
    });
  });
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
  process.on("message", () => process.send({ count }));
}
