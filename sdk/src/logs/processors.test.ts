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

test("the first record leaves at once, and so does each that comes a while after a small batch", () => {
  const logger = createLogger([createBatchProcessor(exporter)]);
  for (let index = 0; index < 200; index++) {
    logger.emit({ body: index });
    now += 5;
  }
  expect(sizes()).toEqual(Array(200).fill(1));
});

test("a burst leaves when the app has finished it", async () => {
  const logger = createLogger([createBatchProcessor(exporter)]);
  for (let index = 0; index < 200; index++) logger.emit({ body: index });
  expect(sizes()).toEqual([1]);
  await eventually(() => batches.length === 2);
  expect(batches.flat().map(({ body }) => body)).toEqual(Array.from({ length: 200 }, (_, index) => index));
});

test("a burst without end is not gathered without end", () => {
  const logger = createLogger([createBatchProcessor(exporter)]);
  for (let index = 0; index < 5_000; index++) logger.emit({ body: index });
  expect(sizes()).toEqual([1, 2_048, 2_048]);
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
  now -= 3_600_000;
  logger.emit({ body: 2 });
  await eventually(() => batches.flat().some(({ body }) => body === 2));
});

test("flush and shutdown hand over what waits", async () => {
  const processor = createBatchProcessor(exporter);
  const logger = createLogger([processor]);
  logger.emit({ body: 1 });
  logger.emit({ body: 2 });
  expect(sizes()).toEqual([1]);
  await processor.forceFlush();
  expect(sizes()).toEqual([1, 1]);
  logger.emit({ body: 3 });
  await processor.shutdown();
  expect(batches.flat()).toHaveLength(3);
});
