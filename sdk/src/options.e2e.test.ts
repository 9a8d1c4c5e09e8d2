// What an app can choose of what is sent and how, against a collector on a real socket, in this process.

import { logs } from "@opentelemetry/api";
import { logs as oldLogs } from "@opentelemetry/api-logs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { diagnose } from "./diagnose.ts";
import { startEarly } from "./early.ts";
import { captureNetwork } from "./network.ts";
import type { TelemetryOptions } from "./options.ts";
import { initTelemetry, shutdownTelemetry, type Telemetry } from "./telemetry.ts";
import { type CollectorDouble, createCollectorDouble } from "./testing/collector-double.ts";

let collector: CollectorDouble;
beforeEach(async () => {
  collector = await createCollectorDouble();
});
afterEach(async () => {
  await shutdownTelemetry();
  await collector.close();
});

function start(options: TelemetryOptions = {}): Telemetry {
  return initTelemetry({ serverUrl: collector.url, serviceName: "app", enabled: true, ...options });
}

const bodies = (): unknown[] => collector.records.map(({ body }) => body);

test("minSeverity and ignore keep records back, counted, of the console and of anyone else", async () => {
  const telemetry = start({ minSeverity: "warn", ignore: ["[HMR]", /^noise \d+$/g] });
  console.info("too little");
  console.warn("[HMR] connected");
  console.warn("noise 1");
  console.warn("noise 2");
  console.error("kept");
  logs.getLogger("x").emit({ severityNumber: 5, body: "theirs, too little" });
  logs.getLogger("x").emit({ severityNumber: 17, body: "theirs" });
  logs.getLogger("x").emit({ body: "without severity" });
  await telemetry.flush();
  expect(bodies()).toEqual(["kept", "theirs", "without severity"]);
  // The session's beginning is one of them.
  expect(telemetry.status.filtered).toBe(6);
});

test("beforeSend changes records and keeps them back; what it throws costs nothing, what it logs is not captured", async () => {
  const telemetry = start({
    beforeSend(record) {
      console.log("inside");
      if (record.body === "secret") return false;
      if (record.body === "broken") throw new Error("in beforeSend");
      record.setAttribute("team", "cart");
      return undefined;
    },
  });
  console.log("plain");
  console.log("secret");
  console.log("broken");
  await telemetry.flush();
  expect(bodies()).toEqual(["plain", "broken"]);
  expect(collector.records[0]?.attributes.team).toBe("cart");
  expect(telemetry.status.problems.join()).toContain("in beforeSend");
});

test("a flood of one place is a few records and a count", async () => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  const telemetry = start();
  for (let index = 0; index < 40_000; index++) console.log("render");
  const { collapsed = 0 } = telemetry.status;
  await telemetry.shutdown();
  vi.restoreAllMocks();
  const markers = collector.records.filter(({ eventName }) => eventName === "devmux.records_repeated");
  const counted = markers.map(({ attributes }) => Number(attributes["devmux.repeated.count"]));
  // Ten, and their count, in each second that the loop takes.
  expect(collector.records).toHaveLength(11 * markers.length);
  expect([counted.reduce((sum, each) => sum + each, 0), collapsed]).toEqual([
    40_000 - 10 * markers.length,
    40_000 - 10 * markers.length,
  ]);
  expect(markers.at(-1)).toMatchObject({
    body: `${counted.at(-1)} more like: render`,
    attributes: { "code.line.number": expect.any(Number) },
  });
});

test("what was logged before init is handed over once, with its time, place and values", async () => {
  const { log } = console;
  startEarly();
  startEarly();
  const value = { step: 1 };
  console.log("early", value);
  value.step = 2;
  const error = new RangeError("early error");
  console.error(error);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const telemetry = start();
  console.log("late");
  await telemetry.flush();
  expect(bodies()).toEqual(["early { step: 1 }", "RangeError: early error", "late"]);
  const [early, , late] = collector.records;
  expect(Number(late?.timeUnixNano) - Number(early?.timeUnixNano)).toBeGreaterThanOrEqual(25e6);
  expect(early?.attributes["code.file.path"]).toMatch(/options\.e2e\.test\.ts$/);
  await telemetry.shutdown();
  expect(console.log).toBe(log);
});

test("telemetry that is off gives back what was captured early", () => {
  const { log } = console;
  startEarly();
  expect(console.log).not.toBe(log);
  initTelemetry({ enabled: false });
  expect(console.log).toBe(log);
});

test.each(["forceFlush", "shutdown"] as const)(
  "%s of the provider itself hands over what waits in front of it",
  async (method) => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const { log } = console;
    const telemetry = start();
    await telemetry.flush();
    const logger = logs.getLogger("theirs");
    // The first leaves at once; the others wait.
    for (let index = 0; index < 10; index++) {
      console.log("line", index);
      logger.emit({ body: `theirs ${index}` });
    }
    await telemetry.provider?.[method]();
    const expected = Array.from({ length: 10 }, (_, index) => [`line ${index}`, `theirs ${index}`]).flat();
    expect(bodies()).toEqual(expected);
    if (method === "shutdown") {
      // The client has ended with it, and another can begin.
      expect([console.log, telemetry.status.state]).toEqual([log, "stopped"]);
      await telemetry.shutdown();
      const next = start();
      expect(next).not.toBe(telemetry);
      console.log("again");
      await next.flush();
      expect(bodies()).toEqual([...expected, "again"]);
    }
    vi.restoreAllMocks();
  },
);

test("processors of the app that never end, or fail, hold no flush and no shutdown up, and lose nothing", async () => {
  const forever = (): Promise<void> => new Promise(() => {});
  const fail = (): never => {
    throw new Error("in a processor");
  };
  const telemetry = start({
    processors: [
      { onEmit() {}, forceFlush: forever, shutdown: forever },
      { onEmit: fail, forceFlush: fail, shutdown: fail },
    ],
  });
  console.log("one");
  console.log("two");
  const startedAt = performance.now();
  await telemetry.flush();
  console.log("three");
  await telemetry.provider?.shutdown();
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(bodies()).toEqual(["one", "two", "three"]);
  expect(telemetry.status.problems.join()).toContain("in a processor");
});

test("timers that a test runner has replaced hold nothing back", async () => {
  vi.useFakeTimers();
  try {
    start();
    for (const text of ["one", "two", "three"]) console.log(text);
    await collector.until(() => collector.records.length === 3);
  } finally {
    vi.useRealTimers();
  }
  expect(bodies()).toEqual(["one", "two", "three"]);
});

test("records of the older logs API arrive in the same stream", async () => {
  const telemetry = start();
  oldLogs.getLogger("old-library", "1").emit({ severityNumber: 9, body: "by the old API" });
  await telemetry.flush();
  expect(collector.records).toMatchObject([{ body: "by the old API", scope: "old-library" }]);
  await telemetry.shutdown();
  oldLogs.getLogger("old-library", "1").emit({ body: "after" });
  expect(bodies()).toEqual(["by the old API"]);
});

test("transport otlp-http: the official exporter, with identity and resource", async () => {
  const telemetry = start({ transport: "otlp-http" });
  console.log("by http", { a: 1 });
  await telemetry.flush();
  expect(collector.connections).toBe(0);
  expect(collector.records).toMatchObject([
    {
      body: "by http { a: 1 }",
      uid: expect.stringMatching(/^[\w-]{13}-\d+$/),
      resource: { "service.name": "app", "devmux.platform": "node" },
    },
  ]);
  expect(telemetry.status).toMatchObject({ state: "open", buffered: 0, acknowledged: 2 });
});

test("requests are records without their secrets, and our own are none", async () => {
  const telemetry = start();
  const { fetch: before } = globalThis;
  const end = captureNetwork({ ignore: ["/ignored"] });
  const other = await createCollectorDouble();
  const address = other.url.replace("ws://", "http://");
  await (await fetch(`${address}/items?token=secret#part`, { method: "post" })).text();
  await (await fetch(`${address}/ignored`)).text();
  await expect(fetch("http://127.0.0.1:1/")).rejects.toThrow();
  await (await fetch(`${collector.url.replace("ws:", "http:")}/own`)).text();
  end();
  expect(globalThis.fetch).toBe(before);
  await telemetry.flush();
  await other.close();
  expect(collector.records).toMatchObject([
    {
      severityText: "debug",
      body: expect.stringMatching(/^POST http:\S+\/items 200 \(\d+ ms\)$/),
      attributes: { "http.request.method": "POST", "url.full": `${address}/items`, "http.response.status_code": 200 },
    },
    { severityText: "warn", attributes: { "error.type": "TypeError" } },
  ]);
});

test("diagnose says in one line why nothing arrives", async () => {
  expect(await diagnose()).toMatch(/^initTelemetry has not been called/);
  const telemetry = start();
  await telemetry.flush();
  expect(await diagnose()).toMatch(
    /^Connected to ws:\/\/127\.0\.0\.1:\d+ as browser:localhost-3000: 1 records acknowledged/,
  );
  for (const [code, expected] of [
    [4403, /does not allow this page's origin/],
    [4401, /refused the token/],
  ] as const) {
    await shutdownTelemetry();
    const refusing = await createCollectorDouble({ onHello: (answer) => answer.close(code) });
    await start({ serverUrl: refusing.url }).flush();
    expect(await diagnose()).toMatch(expected);
    await refusing.close();
  }
  await shutdownTelemetry();
  await start({ serverUrl: "ws://127.0.0.1:1" }).flush();
  expect(await diagnose()).toMatch(/^Nothing answers at ws:\/\/127\.0\.0\.1:1: start the collector/);
});

test("somebody else's body is what it was at the call, bounded, and bytes stay bytes", async () => {
  const telemetry = start();
  const logger = logs.getLogger("theirs");
  const state: { n: number; self?: unknown } = { n: 1 };
  state.self = state;
  const bytes = new Uint8Array([1, 2]);
  for (const body of [state, bytes, "text", 5, Array.from({ length: 1_000_000 }, () => 0)])
    logger.emit({ body: body as never });
  state.n = 2;
  bytes[0] = 9;
  await telemetry.flush();
  expect(bodies().slice(0, 4)).toEqual([{ n: 1, self: "[Circular $]" }, Buffer.from([1, 2]), "text", 5]);
  expect(bodies()[4]).toHaveLength(101);
});
