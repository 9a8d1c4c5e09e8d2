import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  LoggerProvider,
  type LogRecordExporter,
  type LogRecordProcessor,
  type ReadableLogRecord,
} from "@opentelemetry/sdk-logs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { eventually } from "../testing/wait.ts";
import { createBatchProcessor } from "./processors.ts";

let batches: ReadableLogRecord[][];
let now: number;
beforeEach(() => {
  // Its own for each test: what an earlier one left waiting arrives at the earlier one's.
  const received: ReadableLogRecord[][] = [];
  batches = received;
  exporter = { export: (records) => void received.push(records), forceFlush: async () => {}, shutdown: async () => {} };
  now = 1_767_225_600_000;
  vi.spyOn(Date, "now").mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

let exporter: LogRecordExporter;

function createLogger(processors: LogRecordProcessor[]) {
  return new LoggerProvider({ resource: resourceFromAttributes({}), processors }).getLogger("t");
}

function sizes(): number[] {
  return batches.map((batch) => batch.length);
}

test("the first record leaves once the app's call is done, and so does each that comes a while after a small batch", async () => {
  const logger = createLogger([createBatchProcessor(exporter)]);
  for (let index = 0; index < 200; index++) {
    logger.emit({ body: index });
    expect(sizes()).toHaveLength(index);
    await undefined;
    now += 5;
  }
  expect(sizes()).toEqual(Array(200).fill(1));
});

test("a burst leaves when the app has finished it", async () => {
  const logger = createLogger([createBatchProcessor(exporter)]);
  for (let index = 0; index < 200; index++) logger.emit({ body: index });
  expect(sizes()).toEqual([]);
  await undefined;
  expect(sizes()).toEqual([200]);
  expect(batches.flat().map(({ body }) => body)).toEqual(Array.from({ length: 200 }, (_, index) => index));
});

test("a burst without end is not gathered without end", () => {
  const logger = createLogger([createBatchProcessor(exporter)]);
  for (let index = 0; index < 5_000; index++) logger.emit({ body: index });
  expect(sizes()).toEqual([2_048, 2_048]);
});

test("work that lets nothing else run keeps a record for the next one, or for 50 ms", () => {
  const logger = createLogger([createBatchProcessor(exporter)]);
  for (const afterMs of [0, 60, 60, 20, 20, 20]) {
    now += afterMs;
    logger.emit({ body: afterMs });
  }
  expect(sizes()).toEqual([2, 4]);
});

test("under load a record waits for as many others as came before it, 50 ms at most", async () => {
  vi.restoreAllMocks();
  const logger = createLogger([createBatchProcessor(exporter)]);
  const waits: number[] = [];
  const started = performance.now();
  while (performance.now() - started < 400) {
    for (let index = 0; index < 3; index++) logger.emit({ body: performance.now() });
    for (const batch of batches.splice(0)) waits.push(performance.now() - Number(batch[0]?.body));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(waits.length).toBeGreaterThan(5);
  // The machine's own delays come on top of the fifty.
  expect(Math.min(...waits)).toBeLessThan(20);
  expect(waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)]).toBeLessThan(70);
});

test("a clock that is set back holds nothing for long", async () => {
  const logger = createLogger([createBatchProcessor(exporter)]);
  logger.emit({ body: 1 });
  await undefined;
  now -= 3_600_000;
  logger.emit({ body: 2 });
  await eventually(() => batches.flat().some(({ body }) => body === 2));
});

test("flush and shutdown hand over what waits", async () => {
  const processor = createBatchProcessor(exporter);
  const logger = createLogger([processor]);
  logger.emit({ body: 1 });
  logger.emit({ body: 2 });
  expect(sizes()).toEqual([]);
  await processor.forceFlush();
  expect(sizes()).toEqual([2]);
  logger.emit({ body: 3 });
  await processor.shutdown();
  expect(batches.flat()).toHaveLength(3);
});

/** The client's own processor, with a reader that writes down what it reads. */
function createGathering() {
  const events: string[] = [];
  const emitted = (name: string): void => void events.push(`${name} leaves`);
  const gathering = createBatchProcessor(exporter, {
    admits: () => true,
    emit: ({ body }) => emitted(body),
    read({ args }) {
      const body = args.map((value) => typeof value).join(" ");
      events.push(body);
      gathering.add({ scope: "console", level: "log", eventName: "e", body, timeMs: now, attributes: {} });
    },
    release() {},
    complete: (record) => record,
  });
  const log = (...args: unknown[]): void => gathering.take({ method: "log", args, timeMs: now });
  return { gathering, events, log };
}

test("a call whose values cannot change is read when it leaves, any other at once, and none before an earlier one", async () => {
  const { events, log } = createGathering();
  log("a", 1);
  log(undefined, null, 1n, Symbol("s"));
  expect(events).toEqual([]);
  log({});
  const read = ["string number", "undefined object bigint symbol", "object"];
  expect(events).toEqual(read);
  log(true);
  expect(events).toEqual(read);
  await undefined;
  expect(events).toEqual([...read, ...read.map((body) => `${body} leaves`), "boolean", "boolean leaves"]);
});

test("of calls that are not read yet there are at most 256", () => {
  const { events, log } = createGathering();
  for (let index = 0; index < 255; index++) log("x");
  expect(events).toHaveLength(0);
  log("x");
  expect(events).toHaveLength(256);
});
