// The main job, end to end, with every part real: a page in Chromium, the built CLI, tmux, files, an OTLP backend.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OtlpServer, startOtlpServer } from "./otlp-server.ts";
import { type ExamplePage, openExamplePage } from "./page.ts";
import { createWorld, type World } from "./world.ts";

let otlp: OtlpServer;
let world: World;
let example: ExamplePage;

beforeAll(async () => {
  otlp = await startOtlpServer();
  world = await createWorld({ exporters: { otlp_http: { endpoint: otlp.endpoint } } });
  await world.start();
  example = await openExamplePage(world.url);
});

afterAll(async () => {
  await example?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
  await otlp?.[Symbol.asyncDispose]();
});

const texts = (pattern: RegExp) => world.queue().filter(({ rawContent }) => pattern.test(rawContent));

describe("a page's console and errors", () => {
  test("a thrown error is in the pane with its stack, in the queue and at the OTLP backend within 2 seconds", async () => {
    await example.click("throw");
    const clickedAt = Date.now();
    const pane = await world.until("the error in the pane", async () => {
      const text = await world.pane(example.stream);
      return text.includes("has no items") && text.includes("actions.ts") ? text : undefined;
    });
    expect(Date.now() - clickedAt).toBeLessThan(2_000);
    expect(pane).toMatch(/TypeError: cart \d+ has no items/);
    expect(pane).toMatch(/at total \(.*actions\.ts/);
    expect(pane).toMatch(/at checkout \(.*actions\.ts/);

    const [event, ...more] = await world.until("the event", () => {
      const found = texts(/has no items/);
      return found.length > 0 ? found : undefined;
    });
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      source: `telemetry:${example.stream}`,
      service: example.stream,
      project: "telemetry",
      severity: "error",
      pattern: "telemetry-error",
      status: "pending",
    });
    expect(event?.rawContent).toMatch(/^TypeError: cart \d+ has no items$/);
    expect(event?.stackTrace?.join("\n")).toContain("at total");

    const record = await world.until("the record at the backend", () =>
      otlp.records.find((each) => String(each.attribute("exception.message")).includes("has no items")),
    );
    expect(record.attribute("exception.type")).toBe("TypeError");
    expect(String(record.attribute("exception.stacktrace"))).toContain("at total");
    expect(record.severityNumber).toBe(17);
    expect(record.resource.attribute("service.name")).toBe("my-web-app");
  });

  test("a rejection that nobody handles is an event of its own pattern", async () => {
    await example.click("reject");
    const [event] = await world.until("the event", () => {
      const found = texts(/did not load/);
      return found.length > 0 ? found : undefined;
    });
    expect(event).toMatchObject({ severity: "error", pattern: "telemetry-unhandled-rejection" });
    expect(event?.rawContent).toMatch(/^Error: profile \d+ did not load$/);
  });

  test("all six console methods arrive with the plan's severity numbers and texts", async () => {
    const plan = { trace: 1, debug: 5, log: 9, info: 9, warn: 13, error: 17 };
    const severities = { trace: "info", debug: "info", log: "info", info: "info", warn: "warning", error: "error" };
    for (const method of Object.keys(plan)) await example.click(method);
    for (const [method, number] of Object.entries(plan)) {
      const pattern = new RegExp(`^${method} \\d+: `);
      const record = await world.until(`${method} at the backend`, () =>
        otlp.records.find(({ body }) => pattern.test(String(body))),
      );
      expect([method, record.severityNumber, record.severityText]).toEqual([method, number, method]);
      expect(String(record.attribute("code.file.path"))).toContain("actions.ts");
      const [event] = texts(pattern);
      expect(event).toMatchObject({
        severity: severities[method as keyof typeof severities],
        pattern: "telemetry-console",
      });
    }
  });

  test("a burst of 2,000 arrives in order, none lost, none twice, in the spool, the queue and at the backend", async () => {
    await example.click("burst");
    const burst = /burst \d+: record (\d+) of 2000/;
    const numbers = (lines: readonly string[]) => lines.flatMap((line) => burst.exec(line)?.[1] ?? []).map(Number);
    const expected = Array.from({ length: 2_000 }, (_, index) => index + 1);
    await world.until("the last of the burst everywhere", () => {
      const places = [
        world.spool(example.stream),
        world.queue().at(-1)?.rawContent ?? "",
        String(otlp.records.at(-1)?.body),
      ];
      return places.every((place) => place.includes("record 2000 of 2000")) || undefined;
    });
    expect(numbers(world.spool(example.stream).split("\n"))).toEqual(expected);
    expect(numbers(world.queue().map(({ rawContent }) => rawContent))).toEqual(expected);
    expect(numbers(otlp.records.map(({ body }) => String(body)))).toEqual(expected);
    const status = await world.status();
    expect(status.components.map(({ id, dropped }) => [id, dropped])).toEqual(
      status.components.map(({ id }) => [id, 0]),
    );
  });

  test("status names the stream with what came", async () => {
    const { streams } = await world.status();
    expect(streams).toMatchObject([
      { name: example.stream, service: "my-web-app", platform: "browser", connected: true },
    ]);
    expect(streams[0]!.records).toBeGreaterThan(2_000);
    expect(streams[0]!.errors).toBeGreaterThanOrEqual(3);
    const { stdout } = await world.devmux("telemetry", "status");
    expect(stdout).toContain(`Telemetry Server: Running (${world.url})`);
    expect(stdout).toMatch(new RegExp(`${example.stream} \\([\\d,]+ events, \\d+ errors?, connected .* ago\\)`));
  });
});
