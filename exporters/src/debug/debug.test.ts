import { LogsBuilder, OpaqueBatch } from "@chriscode/devmux-telemetry-protocol";
import { testLogs, testSettings } from "@chriscode/devmux-telemetry-server/testing";
import { expect, test } from "vitest";
import { debugConfig } from "./config.ts";
import { createDebugExporter, type Screen } from "./debug.ts";

const never = new AbortController().signal;

function create(config: object = {}, screen: Partial<Screen> = {}) {
  let text = "";
  const settings = testSettings("debug");
  const exporter = createDebugExporter(settings, debugConfig.parse({ color: "never", ...config }), {
    writableLength: 0,
    write: (more) => {
      text += more;
    },
    ...screen,
  });
  return { settings, exporter, shown: () => text };
}

test("normal: a line for each record with its stream", async () => {
  const { exporter, shown } = create();
  await exporter.export(testLogs(2, "hello "), never);
  expect(shown().split("\n")).toEqual([
    expect.stringMatching(/INFO.* otlp:test .*hello 0$/),
    expect.stringMatching(/hello 1$/),
    "",
  ]);
});

test("basic: a line for each batch", async () => {
  const { exporter, shown } = create({ verbosity: "basic" });
  await exporter.export(testLogs(3), never);
  await exporter.export(OpaqueBatch.fromProtobuf("traces", new Uint8Array()), never);
  expect(shown()).toMatch(/^logs: 3 log records, \d+ bytes\ntraces: 0 spans, 0 bytes\n$/);
});

test("detailed: every field, in lines that no text can forge", async () => {
  const builder = new LogsBuilder({ "service.name": "app\u001b[2J" }, { name: "scope" });
  builder.add({
    timeMs: 5,
    severityNumber: 17,
    body: "x",
    attributes: { "a\nb": "1\n2", list: [1n, new Uint8Array(3)] },
    eventName: "boom",
  });
  const { exporter, shown } = create({ verbosity: "detailed" });
  await exporter.export(builder.build(), never);
  expect(shown()).toContain("      a\\nb: 1\\n2\n");
  expect(shown()).toContain("      eventName: boom\n");
  expect(shown()).toContain("      service.name: app\\x1b[2J\n");
  expect(shown()).not.toContain("\u001b");
});

test("color where there is a terminal", async () => {
  const { exporter, shown } = create({ color: "always" });
  await exporter.export(testLogs(1), never);
  expect(shown()).toContain("\u001b[32mINFO");
});

test("past the first of a second only some are shown; a terminal that does not keep up gets none; both counted", async () => {
  const { exporter, settings, shown } = create({
    sampling_initial: 1,
    sampling_thereafter: 1_000_000,
    verbosity: "basic",
  });
  for (let index = 0; index < 50; index++) await exporter.export(testLogs(2), never);
  const lines = shown().split("\n").length - 1;
  expect(lines).toBeLessThanOrEqual(3);
  expect(settings.counters.get("items_not_shown")).toBe((50 - lines) * 2);
  const slow = create({}, { writableLength: 5 * 1024 * 1024 });
  expect(await slow.exporter.export(testLogs(1), never)).toEqual({ kind: "accepted" });
  expect(slow.shown()).toBe("");
});
