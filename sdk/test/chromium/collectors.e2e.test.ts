// Collectors that misbehave, and floods, seen from a real page: it notices nothing, and what it said is accounted for.

import { expect, test } from "vitest";
import { usePages } from "../../src/testing/chromium-pages.ts";
import type { Behaviour } from "../../src/testing/collector-double.ts";

const { open, start } = usePages(() => ({}));

/** What a browser prints of a connection that fails is its own. */
const ofTheBrowser = /^WebSocket connection to|^Failed to load resource/;

const garbage: NonNullable<Behaviour["onHello"]> = (answer) => {
  for (const text of ["", "{", "null", "[]", '{"protocol":"devmux-telemetry","version":1,"type":"ack"}', "\0"])
    answer.raw(text);
  answer.raw(new Uint8Array(1_000));
  answer.raw("x".repeat(1_000_000));
  answer.send("ack", { sequence: 4_000_000_000 });
  answer.send("error", { code: "X", error: "x", sequence: 77 });
};

const behaviours: [string, Behaviour][] = [
  ["never acknowledges", { onExport: () => "ignore" }],
  ["never says hello", { onHello: () => {} }],
  ["sends garbage", { onHello: garbage }],
  ["cuts at once", { onHello: (answer) => answer.terminate() }],
  ["sends a frame of 100 MB", { onHello: (answer) => answer.raw("x".repeat(100_000_000)) }],
];

/** Through a collector that does so until it is mended: the page notices nothing, every record arrives. */
async function survives(bad: Behaviour): Promise<void> {
  const { page, collector, errors, printed } = await start("/", bad);
  const ms = await page.evaluate(`(async () => {
    const startedAt = performance.now();
    for (let i = 0; i < 100; i++) console.log("line", i);
    await telemetry.flush();
    return performance.now() - startedAt;
  })()`);
  // A flush waits two seconds at most; a frame of 100 MB takes the browser longer.
  expect(ms).toBeLessThan(20_000);
  delete collector.behaviour.onHello;
  delete collector.behaviour.onExport;
  // It is gone and comes back, as one that was mended.
  await collector.kill();
  await collector.restart();
  await page.waitForFunction("telemetry.status.state !== 'open' || telemetry.status.buffered === 0");
  await page.evaluate(`new Promise((resolve) => setTimeout(resolve, 1_000)).then(() => {
    dispatchEvent(new Event("online"));
    dispatchEvent(new Event("focus"));
  })`);
  await collector.until(() => new Set(collector.records.map(({ uid }) => uid)).size >= 100);
  expect([...new Set(collector.records.map(({ body }) => body))]).toEqual(
    Array.from({ length: 100 }, (_, index) => `line ${index}`),
  );
  expect(errors).toEqual([]);
  expect(printed.filter((line) => !/^line \d+$/.test(line) && !ofTheBrowser.test(line))).toEqual([]);
}

test.each(behaviours)("a collector that %s, and then works", async (_, bad) => survives(bad));

test("a collector that closes with any code, and then works", async () => {
  const codes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 3000, 4000, 4999];
  await Promise.all(codes.map((code) => survives({ onHello: (answer) => answer.close(code, "because") })));
});

test.each([4401, 4403, 4409])("a collector that refuses with %i is left alone, and the page says why", async (code) => {
  const { page, collector, errors } = await start("/", { onHello: (answer) => answer.close(code, "because") });
  await page.waitForFunction("telemetry.status.state === 'stopped'");
  await page.evaluate("console.log('on'), dispatchEvent(new Event('online')), dispatchEvent(new Event('focus'))");
  expect(await page.evaluate("sdk.diagnose()")).toMatch(/token|origin|place/);
  expect([collector.connections, errors]).toEqual([1, []]);
});

test("100,000 different lines in a loop: what is not sent is counted, and the heap is what it was", async () => {
  const { page, collector } = await open();
  // The native call costs what looks at it: here the tools of this test.
  await page.evaluate(`console.info = () => {};
    window.telemetry = sdk.initTelemetry({ serverUrl: "${collector.url}" });
    telemetry.flush()`);
  const session = await page.context().newCDPSession(page);
  const heapMiB = async (): Promise<number> => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize / 2 ** 20;
  };
  const before = await heapMiB();
  const { ms, status } = await page.evaluate<{
    ms: number;
    status: { collapsed: number; dropped: number; filtered: number };
  }>(
    `(async () => {
      const startedAt = performance.now();
      for (let i = 0; i < 100_000; i++) console.info("line", i);
      const ms = performance.now() - startedAt;
      await telemetry.flush();
      return { ms, status: telemetry.status };
    })()`,
  );
  expect(ms).toBeLessThan(10_000);
  await page.evaluate("telemetry.shutdown()");
  await collector.until(() => collector.events.some(({ eventName }) => eventName === "session.end"));
  const lines = collector.records.filter(({ eventName }) => eventName === "browser.console");
  const counted = collector.records
    .map(({ attributes }) => Number(attributes["devmux.repeated.count"] ?? 0))
    .reduce((sum, count) => sum + count, 0);
  expect([lines.length + counted, status.collapsed, status.dropped]).toEqual([100_000, counted, 0]);
  expect(lines.length).toBeLessThan(20_000);
  expect((await heapMiB()) - before).toBeLessThan(10);
});
