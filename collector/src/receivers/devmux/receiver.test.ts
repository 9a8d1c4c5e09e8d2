import { once } from "node:events";
import {
  type AckPayload,
  type ErrorPayload,
  encodeExportFrame,
  type HelloAckPayload,
} from "@chriscode/devmux-telemetry-protocol";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { accepted, type Exporter, retryable } from "../../component/index.ts";
import {
  failingExporter,
  recordingExporter,
  sinkFactory,
  startTestCollector,
  stuckExporter,
  type TestCollector,
  testLogs,
} from "../../testing/index.ts";
import { devmuxReceiverFactory } from "./factory.ts";

const running: TestCollector[] = [];
afterEach(async () => {
  for (const collector of running.splice(0)) await collector[Symbol.asyncDispose]();
});

async function start(
  exporter: Exporter,
  receiver: object = {},
  options: Parameters<typeof startTestCollector>[2] = {},
) {
  const config = {
    receivers: { devmux: receiver },
    exporters: { sink: { retry_on_failure: { initial_interval: "5ms" } } },
    service: { pipelines: { logs: { receivers: ["devmux"], exporters: ["sink"] } } },
  };
  const collector = await startTestCollector(
    config,
    [devmuxReceiverFactory, sinkFactory(exporter, { waitForResult: true })],
    options,
  );
  running.push(collector);
  return collector;
}

interface Reply {
  type: string;
  payload: Partial<AckPayload & ErrorPayload & HelloAckPayload>;
}

/** A client as anyone could write it: raw JSON over a raw WebSocket. */
async function connect(authority: string, options: ConstructorParameters<typeof WebSocket>[2] = {}) {
  const socket = new WebSocket(`ws://${authority}`, options);
  const replies: Reply[] = [];
  const waiting: ((reply: Reply) => void)[] = [];
  socket.on("message", (data) => {
    const reply = JSON.parse(String(data)) as Reply;
    const next = waiting.shift();
    if (next) next(reply);
    else replies.push(reply);
  });
  await once(socket, "open");
  const send = (type: string, payload: unknown, clientId = "client-1") =>
    socket.send(
      JSON.stringify({ protocol: "devmux-telemetry", version: 1, type, payload, meta: { clientId, timestamp: 1 } }),
    );
  return {
    socket,
    send,
    reply: () =>
      new Promise<Reply>((resolve) => (replies.length > 0 ? resolve(replies.shift()!) : waiting.push(resolve))),
    hello: (clientId?: string, extra: object = {}) =>
      send(
        "hello",
        {
          resource: { "service.name": "shop" },
          platform: { kind: "browser", url: "http://localhost:3000/x" },
          ...extra,
        },
        clientId,
      ),
    log: (body: unknown) => send("log", { timestamp: 1, severityNumber: 9, severityText: "log", body }),
  };
}

const request = (...bodies: string[]) => ({
  resourceLogs: [
    { scopeLogs: [{ logRecords: bodies.map((stringValue) => ({ severityNumber: 9, body: { stringValue } })) }] },
  ],
});

describe("devmux receiver", () => {
  test("serves a client that speaks only hello, log and goodbye", async () => {
    const exporter = recordingExporter();
    const { authority, collector } = await start(exporter);
    const client = await connect(authority);
    client.hello();
    expect(await client.reply()).toMatchObject({
      type: "hello-ack",
      payload: { streamName: "browser:localhost-3000", sessionId: expect.any(String) },
    });
    for (let index = 0; index < 500; index++) client.log(`line ${index}`);
    await exporter.received(500);
    expect(exporter.bodies).toEqual(Array.from({ length: 500 }, (_, index) => `line ${index}`));
    while (collector.status().streams[0]?.records !== 500) await new Promise(setImmediate);
    expect(collector.status().streams).toMatchObject([
      {
        name: "browser:localhost-3000",
        service: "shop",
        platform: "browser",
        connected: true,
        records: 500,
        errors: 0,
      },
    ]);
    const record = [...(exporter.batches[0] as ReturnType<typeof testLogs>).records()][0]!;
    expect(record.resource.attribute("devmux.stream.name")).toBe("browser:localhost-3000");
    client.send("goodbye", { reason: "done" });
    const [code] = await once(client.socket, "close");
    expect(code).toBe(1000);
    expect(collector.status().streams[0]!.connected).toBe(false);
  });

  test("acknowledges an export after it was delivered, and takes none twice", async () => {
    const exporter = recordingExporter();
    const { authority } = await start(exporter);
    const client = await connect(authority);
    client.hello();
    await client.reply();
    client.send("export", { sequence: 1, request: request("a", "b") });
    expect(await client.reply()).toMatchObject({ type: "ack", payload: { sequence: 1 } });
    expect(exporter.bodies).toEqual(["a", "b"]);
    client.send("export", { sequence: 1, request: request("a", "b") });
    expect(await client.reply()).toMatchObject({ type: "ack", payload: { sequence: 1 } });
    client.socket.send(encodeExportFrame(2, testLogs(1, "binary ").encode()));
    expect(await client.reply()).toMatchObject({ type: "ack", payload: { sequence: 2 } });
    expect(exporter.bodies).toEqual(["a", "b", "binary 0"]);
  });

  test("a client that reconnects learns what was taken, also of what its old socket had under way", async () => {
    const exporter = stuckExporter();
    const { authority } = await start(exporter);
    const first = await connect(authority);
    first.hello();
    await first.reply();
    first.send("export", { sequence: 1, request: request("one") });
    while (exporter.calls === 0) await new Promise(setImmediate);
    first.socket.terminate();
    const second = await connect(authority);
    second.hello();
    exporter.release();
    expect(await second.reply()).toMatchObject({ type: "hello-ack", payload: { lastSequence: 1 } });
    second.send("export", { sequence: 1, request: request("one") });
    second.send("export", { sequence: 2, request: request("two") });
    await exporter.received(2);
    expect(exporter.bodies).toEqual(["one", "two"]);
  });

  test("a restarted collector takes whatever sequence comes first", async () => {
    const exporter = recordingExporter();
    const { authority } = await start(exporter);
    const client = await connect(authority);
    client.hello();
    expect((await client.reply()).payload.lastSequence).toBe(0);
    client.send("export", { sequence: 41, request: request("x") });
    expect(await client.reply()).toMatchObject({ payload: { sequence: 41 } });
  });

  test("holds what the pipelines cannot take, tells the client, and loses nothing", async () => {
    const exporter = stuckExporter();
    const { authority, collector } = await start(
      exporter,
      { hold_size: "4KiB" },
      {
        config: {
          receivers: { devmux: { hold_size: "4KiB" } },
          exporters: { sink: { sending_queue: { queue_size: 500 } } },
          service: { pipelines: { logs: { receivers: ["devmux"], exporters: ["sink"] } } },
        },
      },
    );
    const client = await connect(authority);
    client.hello();
    await client.reply();
    for (let index = 0; index < 2_000; index++) client.log(`line ${index}`);
    expect(await client.reply()).toMatchObject({
      type: "error",
      payload: { code: "DEVMUX_BUSY", retryAfterMs: expect.any(Number) },
    });
    exporter.release();
    await exporter.received(2_000);
    expect(exporter.bodies).toEqual(Array.from({ length: 2_000 }, (_, index) => `line ${index}`));
    expect(collector.status().components.every(({ dropped }) => dropped === 0)).toBe(true);
  });

  test("answers what is malformed with an error that names the fault; the connection lives on", async () => {
    const exporter = recordingExporter();
    const { authority } = await start(exporter);
    const client = await connect(authority);
    client.socket.send("{");
    expect(await client.reply()).toMatchObject({ type: "error", payload: { code: "DEVMUX_BAD_JSON" } });
    client.log("too early");
    expect(await client.reply()).toMatchObject({ payload: { code: "DEVMUX_HELLO_EXPECTED" } });
    client.hello();
    expect((await client.reply()).type).toBe("hello-ack");
    client.hello();
    expect(await client.reply()).toMatchObject({ payload: { code: "DEVMUX_HELLO_TWICE" } });
    client.send("export", { sequence: 1, request: { resourceLogs: 5 } });
    expect(await client.reply()).toMatchObject({ payload: { code: "DEVMUX_BAD_REQUEST", sequence: 1 } });
    expect(await client.reply()).toMatchObject({ type: "ack", payload: { sequence: 1 } });
    client.log("fine");
    await exporter.received(1);
    expect(exporter.bodies).toEqual(["fine"]);
  });

  test("an export that a pipeline rejects passes, counted for the client", async () => {
    const { authority } = await start(recordingExporter({ kind: "accepted", refused: 1, reason: "too long" }));
    const client = await connect(authority);
    client.hello();
    await client.reply();
    client.send("export", { sequence: 1, request: request("a") });
    expect(await client.reply()).toMatchObject({ type: "ack", payload: { sequence: 1 } });
  });

  test("closes a socket that never says hello", async () => {
    const { authority } = await start(recordingExporter(), { hello_timeout: "20ms" });
    const client = await connect(authority);
    const [code] = await once(client.socket, "close");
    expect(code).toBe(4408);
  });

  test("refuses a page of a foreign origin, and takes one of this machine", async () => {
    const { authority } = await start(recordingExporter());
    await expect(connect(authority, { origin: "http://evil.test" })).rejects.toThrow("403");
    await expect(connect(authority, { headers: { host: "evil.test" } })).rejects.toThrow("403");
    const page = await connect(authority, { origin: "http://localhost:3000" });
    page.hello();
    expect((await page.reply()).type).toBe("hello-ack");
  });

  test("ends a peer that does not answer", async () => {
    const { authority } = await start(recordingExporter(), { heartbeat_interval: "20ms" });
    const client = await connect(authority, { autoPong: false });
    await once(client.socket, "close");
  });

  test("says to come back when it stops, after what was read has been delivered", async () => {
    const exporter = recordingExporter();
    const { authority, collector } = await start(exporter);
    const client = await connect(authority);
    client.hello();
    await client.reply();
    client.send("export", { sequence: 1, request: request("last") });
    await exporter.received(1);
    const closed = once(client.socket, "close");
    await collector.shutdown(1_000);
    expect((await closed)[0]).toBe(1012);
    expect(exporter.bodies).toEqual(["last"]);
  });

  test("an exporter that fails does not keep clients waiting", async () => {
    const exporter = failingExporter(retryable("down"));
    const { authority } = await start(exporter);
    const client = await connect(authority);
    client.hello();
    await client.reply();
    client.send("export", { sequence: 1, request: request("a") });
    expect(await client.reply()).toMatchObject({ type: "ack" });
    exporter.mend();
    await exporter.received(1);
  });

  test("GET / says what this is", async () => {
    const { authority, collector } = await start({ export: async () => accepted });
    const answer = await fetch(`http://${authority}/`);
    expect(await answer.json()).toEqual({
      name: "devmux-telemetry",
      version: "0.0.0-test",
      instanceId: collector.instanceId,
    });
  });
});
