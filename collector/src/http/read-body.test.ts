import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { BodyCutShort, BodyTooLarge, readBody } from "./read-body.ts";

const maxBytes = 4 * 1024 * 1024;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server that reads one body; `read` is what came of it. */
async function serving(): Promise<{ port: number; read: Promise<Buffer> }> {
  const server = createServer();
  servers.push(server);
  const read = new Promise<Buffer>((resolve, reject) => {
    server.on("request", (incoming, response) => {
      readBody(incoming, maxBytes)
        .then(resolve, reject)
        .finally(() => response.end());
    });
  });
  read.catch(() => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, read };
}

const bytesOf = (length: number) => Buffer.from(Uint8Array.from({ length }, (_, index) => index % 251));

test.each([0, 1, 70_000, 1024 * 1024 + 1, maxBytes])(
  "a body of %i bytes arrives whole, with its length and without",
  async (size) => {
    const body = bytesOf(size);
    for (const headers of [{ "content-length": size }, { "transfer-encoding": "chunked" }]) {
      const { port, read } = await serving();
      const call = request({ port, host: "127.0.0.1", method: "POST", headers });
      call.write(body.subarray(0, size / 2));
      call.end(body.subarray(size / 2));
      expect((await read).equals(body)).toBe(true);
    }
  },
);

test("one byte too many is refused, declared or not", async () => {
  const body = bytesOf(maxBytes + 1);
  for (const headers of [{ "content-length": body.length }, { "transfer-encoding": "chunked" }]) {
    const { port, read } = await serving();
    request({ port, host: "127.0.0.1", method: "POST", headers })
      .on("error", () => undefined)
      .end(body);
    await expect(read).rejects.toBeInstanceOf(BodyTooLarge);
  }
});

test("who only says that much is coming gets no memory for it, and one that goes away ends the reading", async () => {
  const { port, read } = await serving();
  const before = process.memoryUsage().arrayBuffers;
  const socket = connect(port, "127.0.0.1");
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${maxBytes}\r\n\r\nfirst`);
  await once(servers.at(-1)!, "request");
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * 1024 * 1024);
  socket.destroy();
  await expect(read).rejects.toBeInstanceOf(BodyCutShort);
});
