// Keeps what the writers send over HTTP as fixtures, a few records each:
//
//   node collector/peers/capture.ts

import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { logWriters, opaqueWriters } from "./writers.ts";

const directory = fileURLToPath(new URL("../../protocol/fixtures/peers", import.meta.url));
/** Enough for every field, little enough to read. */
const records = 3;

let name = "";
let counter = 0;
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
  const type = request.headers["content-type"] ?? "";
  const ending = type.startsWith("application/json") ? "json" : "pb";
  const signal = request.url?.split("/").at(-1);
  await writeFile(join(directory, `${signal}-${name.replaceAll(" ", "-")}-${counter++}.${ending}`), body);
  response.writeHead(200, { "content-type": type }).end(ending === "json" ? "{}" : "");
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
if (typeof address !== "object" || address === null) throw new Error("no port");
await mkdir(directory, { recursive: true });
for (const writer of [...logWriters, ...opaqueWriters]) {
  if (writer.name.includes("grpc")) continue;
  ({ name } = writer);
  counter = 0;
  await writer.send({ http: `http://127.0.0.1:${address.port}`, grpc: "" }, records);
}
server.close();
server.closeAllConnections();
