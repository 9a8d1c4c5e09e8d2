import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { afterEach, expect, test } from "vitest";
import { createBatchProcessor } from "../logs/processors.ts";
import type { Behaviour, CollectorDouble } from "../testing/collector-double.ts";
import { createCollectorDouble } from "../testing/collector-double.ts";
import { eventually } from "../testing/wait.ts";
import type { WebSocketExporter, WebSocketExporterOptions } from "./exporter.ts";
import { createWebSocketExporter } from "./exporter.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Setup {
  readonly collector: CollectorDouble;
  readonly exporter: WebSocketExporter;
  /** Emits records with these bodies and flushes the processor in front of the exporter. */
  readonly log: (...bodies: unknown[]) => void;
}

const resource = resourceFromAttributes({ "service.name": "shop" });

async function setUp(behaviour: Behaviour = {}, options: Partial<WebSocketExporterOptions> = {}): Promise<Setup> {
  const collector = await createCollectorDouble(behaviour);
  cleanups.push(() => collector.close());
  const exporter = createWebSocketExporter({
    serverUrl: collector.url,
    resource,
    platform: () => ({ kind: "browser", url: "http://localhost:3000/" }),
    ...options,
  });
  cleanups.push(() => exporter.shutdown());
  const processor = createBatchProcessor(exporter);
  const logger = new LoggerProvider({ resource, processors: [processor] }).getLogger("test", "1");
  return {
    collector,
    exporter,
    log(...bodies) {
      for (const body of bodies) logger.emit({ body: body as string, severityNumber: 9, severityText: "log" });
      void processor.forceFlush();
    },
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

test("a record arrives with its resource told once in the hello", async () => {
  const { collector, exporter, log } = await setUp();
  log("hello");
  await exporter.forceFlush();
  expect(collector.hellos).toEqual([
    { resource: { "service.name": "shop" }, platform: { kind: "browser", url: "http://localhost:3000/" } },
  ]);
  expect(collector.records).toMatchObject([
    { body: "hello", severityNumber: 9, severityText: "log", scope: "test", resource: {} },
  ]);
  expect(collector.records[0]?.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-1$/);
  expect(exporter.status).toMatchObject({ state: "open", acknowledged: 1, buffered: 0, dropped: 0 });
  expect(collector.faults).toEqual([]);
});

test("values of every kind arrive as they are", async () => {
  const { collector, exporter, log } = await setUp();
  const bodies = ["text \u0000\u001b é 漢 😀", true, 42, -1.5, 2 ** 60, null, [1, "a", null], { a: { b: [true] } }];
  log(...bodies, new Uint8Array([1, 2, 3]), 2n ** 64n, Number.NaN, Number.NEGATIVE_INFINITY);
  await exporter.forceFlush();
  expect(collector.records.map(({ body }) => body)).toEqual([
    ...bodies,
    Buffer.from([1, 2, 3]),
    String(2n ** 64n),
    Number.NaN,
    Number.NEGATIVE_INFINITY,
  ]);
});

test("5,000 records in a burst arrive in order, none twice", async () => {
  const { collector, exporter, log } = await setUp();
  log(...range(0, 5_000));
  await eventually(() => exporter.status.buffered === 0);
  expect(collector.records.map(({ body }) => body)).toEqual(range(0, 5_000));
  expect(new Set(collector.records.map(({ uid }) => uid)).size).toBe(5_000);
  expect(Math.max(...collector.messages.map((type) => Number(type === "export")))).toBe(1);
});

test("no more than the window is under way", async () => {
  let held: (() => void)[] = [];
  let most = 0;
  const { collector, exporter, log } = await setUp(
    {
      window: 3,
      onExport(message, answer) {
        held.push(() => answer.send("ack", { sequence: message.payload.sequence }));
        most = Math.max(most, held.length);
        return "answered";
      },
    },
    { flushTimeoutMs: 200 },
  );
  log(...range(0, 640));
  await collector.until(() => held.length === 3);
  // What comes after a pause is still not more than three.
  await exporter.forceFlush();
  expect(most).toBe(3);
  collector.behaviour.onExport = (message, answer) => {
    answer.send("ack", { sequence: message.payload.sequence });
    return "answered";
  };
  const release = held;
  held = [];
  for (const answer of release) answer();
  await eventually(() => exporter.status.buffered === 0);
  expect(exporter.status.acknowledged).toBe(640);
});

test("a connection that is cut loses nothing and doubles nothing", async () => {
  const { collector, exporter, log } = await setUp({}, { random: () => 0 });
  log(0);
  for (let round = 0; round < 20; round++) {
    // Sometimes before anything of the round has arrived, sometimes in its middle, sometimes after it.
    await collector.until(() => collector.records.length > round * 100 + (round % 3) * 20 - 40);
    log(...range(1 + round * 100, 51 + round * 100));
    collector.cut();
    log(...range(51 + round * 100, 101 + round * 100));
  }
  await eventually(() => exporter.status.buffered === 0);
  expect(collector.records.map(({ body }) => body)).toEqual(range(0, 2_001));
});

test("an acknowledgement that is lost with the connection is no second record", async () => {
  const { collector, exporter, log } = await setUp({}, { random: () => 0 });
  log("first");
  await collector.until(() => collector.records.length === 1);
  let cuts = 0;
  collector.behaviour.onExport = (_message, answer) => {
    // Taken, and the acknowledgement goes to a socket that is gone.
    if (cuts++ === 0) answer.terminate();
    return "take";
  };
  log("second");
  await eventually(() => exporter.status.buffered === 0);
  expect(collector.records.map(({ body }) => body)).toEqual(["first", "second"]);
});

test("a killed and restarted collector gets what it had not acknowledged, before and after", async () => {
  const { collector, exporter, log } = await setUp();
  log(...range(0, 100));
  await collector.until(() => collector.records.length === 100);
  await eventually(() => exporter.status.buffered === 0);
  await collector.kill();
  log(...range(100, 300));
  const restarted = performance.now();
  await collector.restart();
  await eventually(() => exporter.status.buffered === 0);
  // The page had been connected: it is back within seconds, without anybody's focus.
  expect(performance.now() - restarted).toBeLessThan(5_000);
  expect(collector.records.map(({ body }) => body)).toEqual(range(0, 300));
});

test("refused for now: it waits as long as it was told, then sends again from there, in order", async () => {
  let refusals = 0;
  const refusedAt: number[] = [];
  const { collector, exporter, log } = await setUp({
    onExport({ payload: { sequence } }, answer) {
      // As the protocol says: nothing is taken from the refused one on until it comes again.
      if (refusals === 0 && sequence === 2) {
        refusals = 1;
        refusedAt.push(performance.now());
        answer.send("error", { code: "DEVMUX_BUSY", error: "full", retryAfterMs: 100, sequence });
        return "answered";
      }
      if (refusals === 1 && sequence > 2) return "ignore";
      if (sequence === 2) {
        refusals = 2;
        refusedAt.push(performance.now());
      }
      return "take";
    },
  });
  log(...range(0, 640));
  await eventually(() => exporter.status.buffered === 0);
  expect(collector.records.map(({ body }) => body)).toEqual(range(0, 640));
  expect((refusedAt[1] ?? 0) - (refusedAt[0] ?? 0)).toBeGreaterThanOrEqual(95);
});

test("refused for good: that batch is counted, the others arrive", async () => {
  const { collector, exporter, log } = await setUp({
    onExport({ payload: { sequence } }, answer) {
      if (sequence !== 2) return "take";
      answer.send("error", { code: "DEVMUX_REJECTED", error: "not you", sequence });
      return "answered";
    },
  });
  log("a");
  await collector.until(() => collector.records.length === 1);
  log("b");
  await exporter.forceFlush();
  log("c");
  await exporter.forceFlush();
  expect(collector.records.map(({ body }) => body)).toEqual(["a", "c"]);
  expect(exporter.status).toMatchObject({ buffered: 0, acknowledged: 2, refused: 1, refusedReason: "not you" });
});

test("records that the collector left out of a batch are counted", async () => {
  const { exporter, log } = await setUp({
    onExport({ payload: { sequence } }, answer) {
      answer.send("ack", { sequence, rejected: 1, message: "bad time" });
      return "answered";
    },
  });
  log("a");
  await exporter.forceFlush();
  expect(exporter.status).toMatchObject({ refused: 1, refusedReason: "bad time" });
});

test("a full buffer drops the oldest and says how many", async () => {
  const { collector, exporter, log } = await setUp({}, { buffer: { maxRecords: 100, maxBytes: 1e9 } });
  await collector.kill();
  log(...range(0, 1_000));
  expect(exporter.status).toMatchObject({ buffered: 100, dropped: 900 });
  await collector.restart();
  exporter.connect(true);
  await eventually(() => {
    exporter.connect(true);
    return exporter.status.buffered === 0;
  });
  expect(collector.records[0]).toMatchObject({
    severityNumber: 13,
    eventName: "devmux.records_dropped",
    attributes: { "devmux.dropped.count": 900 },
  });
  expect(collector.records.slice(1).map(({ body }) => body)).toEqual(range(900, 1_000));
});

test("the buffer is bounded in bytes too", async () => {
  const { collector, exporter, log } = await setUp({}, { buffer: { maxRecords: 1e9, maxBytes: 100_000 } });
  await collector.kill();
  for (let index = 0; index < 1_000; index++) log("é".repeat(1_000));
  const { buffered, dropped } = exporter.status;
  expect(buffered).toBeGreaterThan(30);
  expect(buffered).toBeLessThanOrEqual(49);
  expect(buffered + dropped).toBe(1_000);
});

test("a message is never longer than the collector takes", async () => {
  const { collector, exporter, log } = await setUp({ maxMessageBytes: 20_000 });
  log("first");
  await collector.until(() => collector.records.length === 1);
  let longest = 0;
  collector.behaviour.onExport = (message) => {
    longest = Math.max(longest, Buffer.byteLength(JSON.stringify(message)));
    return "take";
  };
  log(...range(0, 100).map((index) => `${index} ${"漢".repeat(1_000)}`), "x".repeat(30_000), "last");
  await eventually(() => exporter.status.buffered === 0);
  expect(longest).toBeGreaterThan(10_000);
  expect(longest).toBeLessThanOrEqual(20_000);
  expect(exporter.status.dropped).toBe(1);
  expect(collector.records.some(({ body }) => body === "last")).toBe(true);
  expect(collector.records).toHaveLength(1 + 100 + 1 + 1);
});

test.each<[string, Behaviour]>([
  ["never acknowledges", { onExport: () => "ignore" }],
  ["never says hello", { onHello: () => {} }],
  ["closes at once", { onHello: (answer) => answer.close(1008) }],
  ["cuts at once", { onHello: (answer) => answer.terminate() }],
  [
    "sends garbage",
    {
      onHello(answer) {
        for (const text of ["", "{", "null", "[]", '{"protocol":"devmux-telemetry","version":1,"type":"ack"}', "\0"])
          answer.raw(text);
        answer.raw(new Uint8Array(1_000));
        answer.raw("x".repeat(1_000_000));
        answer.send("ack", { sequence: 4_000_000_000 });
        answer.send("error", { code: "X", error: "x", sequence: 77 });
      },
    },
  ],
])("a collector that %s: nothing throws, flush and shutdown end", async (_, behaviour) => {
  const { exporter, log } = await setUp(behaviour, { flushTimeoutMs: 200 });
  log(...range(0, 200));
  const started = performance.now();
  await exporter.forceFlush();
  log("after");
  await exporter.shutdown();
  expect(performance.now() - started).toBeLessThan(1_500);
  expect(exporter.status).toMatchObject({ state: "stopped", buffered: 0, acknowledged: 0, dropped: 201 });
});

test("a collector that acknowledges what was never sent is not believed", async () => {
  const { collector, exporter, log } = await setUp();
  log("a");
  await collector.until(() => collector.records.length === 1);
  collector.behaviour.onExport = (_message, answer) => {
    answer.raw("garbage");
    return "take";
  };
  log("b");
  await exporter.forceFlush();
  expect(collector.records.map(({ body }) => body)).toEqual(["a", "b"]);
});

test.each([
  [4401, "token refused"],
  [4403, "origin refused"],
  [4409, "replaced"],
])("close code %i ends the attempts and says why", async (code, reason) => {
  const { collector, exporter, log } = await setUp({ onHello: (answer) => answer.close(code, reason) });
  log("a");
  await eventually(() => exporter.status.state === "stopped");
  exporter.connect(true);
  exporter.connect();
  log("b");
  const problem = `no connection to ${collector.url}: ${code} ${reason}`;
  expect(exporter.status).toMatchObject({ state: "stopped", problem, buffered: 2 });
  expect(collector.connections).toBe(1);
});

test("no collector: nothing throws, flush does not wait, and it says so", async () => {
  const { collector, exporter, log } = await setUp();
  await collector.kill();
  log("a");
  await eventually(() => exporter.status.state === "waiting");
  const started = performance.now();
  await exporter.forceFlush();
  expect(performance.now() - started).toBeLessThan(500);
  expect(exporter.status.problem).toBe(`no connection to ${collector.url}: 1006`);
});

test.each<[string, typeof WebSocket | null]>([
  ["no WebSocket", null],
  [
    "a WebSocket that the page's policy forbids",
    class {
      constructor() {
        throw new DOMException("blocked by CSP", "SecurityError");
      }
    } as unknown as typeof WebSocket,
  ],
])("%s: one problem, no throw", async (_, WebSocketClass) => {
  const before = globalThis.WebSocket;
  try {
    if (WebSocketClass === null) Reflect.deleteProperty(globalThis, "WebSocket");
    const { exporter, log } = await setUp({}, WebSocketClass === null ? {} : { WebSocket: WebSocketClass });
    log("a");
    expect(exporter.status.state).toBe("stopped");
    expect(exporter.status.problem).toMatch(/no WebSocket|blocked by CSP/);
    await exporter.forceFlush();
  } finally {
    globalThis.WebSocket = before;
  }
});

test("an address that is none: one problem, no throw", async () => {
  const { exporter, log } = await setUp({}, { serverUrl: "ws://[not an address" });
  log("a");
  expect(exporter.status).toMatchObject({ state: "stopped" });
  expect(exporter.status.problem).toContain("ws://[not an address");
});

test("shutdown delivers what waits, says goodbye, and is safe twice", async () => {
  const { collector, exporter, log } = await setUp();
  log(...range(0, 500));
  await Promise.all([exporter.shutdown(), exporter.shutdown()]);
  await exporter.shutdown();
  await collector.until(() => collector.messages.at(-1) === "goodbye");
  expect(collector.records.map(({ body }) => body)).toEqual(range(0, 500));
  const result = await new Promise((resolve) => exporter.export([], resolve));
  expect(result).toMatchObject({ code: 1 });
  log("late");
  expect(exporter.status.buffered).toBe(0);
});

test("one record that cannot be written does not take its batch with it", async () => {
  const { collector, exporter } = await setUp();
  const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter })] });
  const logger = provider.getLogger("foreign");
  const hostile: { self?: unknown } = {};
  hostile.self = hostile;
  logger.emit({ body: "before" });
  logger.emit({
    body: Object.defineProperty({}, "x", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    }) as never,
  });
  logger.emit({ body: hostile as never });
  logger.emit({ body: "after" });
  await exporter.forceFlush();
  const bodies = collector.records.map(({ body }) => body);
  expect(bodies[0]).toBe("before");
  expect(bodies.at(-1)).toBe("after");
  expect(exporter.status.refused).toBe(1);
});

test("it works behind OTel's own batch processor, which learns the fate of its records", async () => {
  const { collector, exporter } = await setUp();
  const other = resourceFromAttributes({ "service.name": "worker", "host.arch": "arm64" });
  const provider = new LoggerProvider({ resource: other, processors: [new BatchLogRecordProcessor({ exporter })] });
  for (const index of range(0, 1_000)) provider.getLogger("foreign").emit({ body: index });
  await provider.forceFlush();
  await eventually(() => exporter.status.buffered === 0);
  expect(collector.records.map(({ body }) => body)).toEqual(range(0, 1_000));
  // A resource that is not the hello's goes with its records.
  expect(collector.records[0]?.resource).toEqual({ "service.name": "worker", "host.arch": "arm64" });
  const lost = await new Promise<{ code: number }>((resolve) => {
    void collector.kill().then(() => {
      exporter.export([{ ...emptyRecord(), resource: other }], resolve);
      void exporter.shutdown();
    });
  });
  expect(lost.code).toBe(1);
});

function emptyRecord() {
  return {
    hrTime: [1, 0] as [number, number],
    hrTimeObserved: [1, 0] as [number, number],
    resource,
    instrumentationScope: { name: "x" },
    attributes: {},
    droppedAttributesCount: 0,
  };
}

test("rest closes with a goodbye; what comes then leaves by OTLP/HTTP, until it is to connect again", async () => {
  const { collector, exporter, log } = await setUp();
  log("a");
  await exporter.forceFlush();
  exporter.rest("page-unload");
  await collector.until(() => collector.messages.at(-1) === "goodbye");
  log("b");
  await collector.until(() => collector.records.length === 2);
  await eventually(() => exporter.status.buffered === 0);
  expect([collector.posts.length, collector.connections]).toEqual([1, 1]);
  expect(collector.records[1]?.resource).toMatchObject({
    "service.name": "shop",
    "devmux.platform": "browser",
    "devmux.stream.name": "browser:localhost-3000",
  });
  exporter.connect();
  log("c");
  await exporter.forceFlush();
  expect(collector.connections).toBe(2);
  expect(collector.records.map(({ body }) => body)).toEqual(["a", "b", "c"]);
  expect(new Set(collector.records.map(({ uid }) => uid)).size).toBe(3);
});
