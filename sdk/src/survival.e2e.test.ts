// The universal law over every hostile value, through the whole client and a real socket, in Node; and the table of it
// in README.md, which is generated here and must be what it was. `UPDATE_SURVIVAL=1` writes it anew.

import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { initTelemetry, shutdownTelemetry, type Telemetry } from "./telemetry.ts";
import { type CollectorDouble, createCollectorDouble } from "./testing/collector-double.ts";
import { rows } from "./testing/hostile-rows.ts";

let collector: CollectorDouble;
let telemetry: Telemetry;
let calls: { that: unknown; args: unknown[] }[] = [];
const { log } = console;

beforeEach(async () => {
  collector = await createCollectorDouble();
  calls = [];
  // The platform's own, which prints nothing here.
  console.log = function (this: unknown, ...args: unknown[]) {
    calls.push({ that: this, args });
  };
  telemetry = initTelemetry({ serverUrl: collector.url, enabled: true, captureSession: false });
});
afterEach(async () => {
  await shutdownTelemetry();
  await collector.close();
  console.log = log;
});

test("every row: no throw, the original once, one record, bounded; and the README's table says so", async () => {
  const lines: string[] = [];
  for (const [name, args, expected] of rows) {
    calls = [];
    const before = collector.records.length;
    expect(() => console.log(...args), name).not.toThrow();
    await telemetry.flush();
    expect(calls, name).toHaveLength(1);
    expect(calls[0]?.that, name).toBe(console);
    expect(
      calls[0]?.args.length === args.length && args.every((each, index) => Object.is(each, calls[0]?.args[index])),
      name,
    ).toBe(true);
    const arrived = collector.records.slice(before);
    expect(arrived, name).toHaveLength(1);
    const body = String(arrived[0]?.body);
    expect(JSON.stringify(arrived[0]).length, name).toBeLessThanOrEqual(65_536);
    const wellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/g, "\ufffd");
    if (typeof expected === "string") expect(body, name).toBe(wellFormed(expected));
    else expect(body, name).toMatch(expected);
    lines.push(`| ${name} | ${cell(body)} |`);
  }
  expect(telemetry.status).toMatchObject({ dropped: 0, refused: 0, problems: [] });
  const table = `| logged | arrives as |\n|---|---|\n${lines.join("\n")}\n`;
  const readme = new URL("../README.md", import.meta.url);
  const text = readFileSync(readme, "utf8");
  const written = text.replace(
    /(<!-- survival -->\n)[\s\S]*?(<!-- \/survival -->)/,
    (_, start, end) => start + table + end,
  );
  if (process.env.UPDATE_SURVIVAL) writeFileSync(readme, written);
  else expect(text).toBe(written);
});

/** One cell of a table: printable, one line, short. */
function cell(text: string): string {
  const short = text.length > 90 ? `${text.slice(0, 60)} … ${text.slice(-24)}` : text;
  const shown = short.replace(/[\0-\x1f\u2028]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return shown === "" ? "(empty)" : `\`${shown.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

test("the law holds for generated values", async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  const value = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withTypedArray: true,
    withSparseArray: true,
    withObjectString: true,
  });
  let count = 0;
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), (args) => {
      calls = [];
      console.log(count++, ...args);
      return calls.length === 1 && calls[0]?.args.length === args.length + 1;
    }),
    { seed, numRuns: 300 },
  );
  await telemetry.flush();
  expect(collector.records, `seed ${seed}`).toHaveLength(300);
  expect(collector.faults).toEqual([]);
  for (const record of collector.records) expect(JSON.stringify(record).length).toBeLessThanOrEqual(65_536);
});

test("1,000 cut connections: every record once, in order", { timeout: 120_000 }, async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  let state = seed;
  const random = (): number => {
    // A linear congruential generator (Numerical Recipes), so that a seed tells the whole run.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const { createWebSocketExporter } = await import("./transport/exporter.ts");
  const exporter = createWebSocketExporter({
    serverUrl: collector.url,
    platform: () => ({ kind: "node" }),
    random: () => 0.001,
  });
  let cuts = 0;
  let lastCut = -1;
  let isGone = false;
  collector.behaviour.onExport = (_, answer) => {
    // Before it is taken, after it is taken and before the ack, or not at all.
    const way = Math.floor(random() * 3);
    // What was read before the cut and is handled after it: a collector that is gone takes nothing.
    if (lastCut === collector.connections) return isGone ? "ignore" : "take";
    if (cuts >= 1_000 || way === 2) return "take";
    lastCut = collector.connections;
    cuts++;
    isGone = way === 0;
    if (isGone) {
      answer.terminate();
      return "ignore";
    }
    setImmediate(answer.terminate);
    return "take";
  };
  const resource = { attributes: {} } as never;
  let sent = 0;
  const send = (): void => {
    const records = Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({
      hrTime: [1, 0] as [number, number],
      hrTimeObserved: [1, 0] as [number, number],
      body: sent++,
      attributes: {},
      resource,
      instrumentationScope: { name: "x" },
      droppedAttributesCount: 0,
    }));
    exporter.export(records, () => {});
  };
  while (cuts < 1_000) {
    if (exporter.status.buffered < 200) send();
    exporter.connect(true);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await collector.until(() => collector.records.length >= sent);
  await exporter.shutdown();
  expect([cuts, exporter.status.dropped], `seed ${seed}`).toEqual([1_000, 0]);
  expect(
    collector.records.map(({ body }) => body),
    `seed ${seed}`,
  ).toEqual(Array.from({ length: sent }, (_, index) => index));
  expect(new Set(collector.records.map(({ uid }) => uid)).size).toBe(sent);
});
