// Why nothing arrives, in each place where a browser or a device does not say so: the globals are as they are there.

import { afterEach, expect, test, vi } from "vitest";
import { diagnose } from "./diagnose.ts";
import { initTelemetry, shutdownTelemetry } from "./telemetry.ts";
import { createCollectorDouble } from "./testing/collector-double.ts";

afterEach(async () => {
  await shutdownTelemetry();
  vi.unstubAllGlobals();
});

async function diagnoseAt(serverUrl: string, globals: { readonly [name: string]: unknown } = {}): Promise<string> {
  await initTelemetry({ serverUrl, enabled: true, captureConsole: false }).flush();
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  return diagnose();
}

const page = (href: string) => ({ location: new URL(href) });

test("mixed content", async () => {
  expect(await diagnoseAt("ws://192.0.2.1:9", page("https://shop.example/"))).toBe(
    "Mixed content: this page is https, ws://192.0.2.1:9 is not. Use wss://, or a relay of the same origin.",
  );
});

test("a device for which loopback is itself", async () => {
  const navigator = { product: "ReactNative" };
  expect(await diagnoseAt("ws://127.0.0.1:1", { navigator })).toMatch(
    /^ws:\/\/127\.0\.0\.1:1 is this device itself: set serverUrl .*adb reverse/,
  );
});

test.each(["prompt", "denied"])("the permission for the local network: %s", async (state) => {
  const query = async ({ name }: { name: string }) => {
    // As browsers before the split know it.
    if (name !== "local-network-access") throw new TypeError("unknown");
    return { state };
  };
  const globals = { ...page("http://preview.example/"), navigator: { permissions: { query } } };
  expect(await diagnoseAt("ws://127.0.0.1:1", globals)).toBe(
    `The browser asks before a page may reach this machine, and the answer is "${state}": allow local network access for http://preview.example.`,
  );
});

test("an address that is none, and what else was wrong", async () => {
  const telemetry = initTelemetry({ serverUrl: "ws://:::", enabled: true, captureErrors: 5 as never });
  await telemetry.flush();
  expect(await diagnose()).toBe(
    "serverUrl ws://::: is no address: expected ws://127.0.0.1:9876. Also: captureErrors: expected a boolean, got a number",
  );
});

test("a collector that is there and has not answered yet; never longer than it may take", async () => {
  const collector = await createCollectorDouble({ onHello: () => {} });
  const startedAt = performance.now();
  expect(await diagnoseAt(collector.url)).toMatch(/is there, but there is no connection yet/);
  expect(performance.now() - startedAt).toBeLessThan(6_000);
  await collector.close();
});
