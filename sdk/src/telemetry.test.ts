import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { initTelemetry, shutdownTelemetry } from "./telemetry.ts";
import { packageName, packageVersion } from "./version.ts";

afterEach(async () => {
  await shutdownTelemetry();
  vi.unstubAllGlobals();
});

test("the version that records tell is the package's", () => {
  const { name, version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect([packageName, packageVersion]).toEqual([name, version]);
});

test("importing changed nothing, and switched off it changes nothing either", async () => {
  const before = { ...console };
  const telemetry = initTelemetry({ enabled: false });
  expect(telemetry).toMatchObject({ enabled: false, status: { problems: [] } });
  expect({ ...console }).toEqual(before);
  await telemetry.flush();
  await telemetry.shutdown();
  await shutdownTelemetry();
});

test.each<[string, unknown]>([
  [
    "accessors that throw",
    Object.defineProperty({}, "enabled", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    }),
  ],
  [
    "a cycle",
    (() => {
      const options: { self?: unknown } = {};
      options.self = options;
      return options;
    })(),
  ],
  ["a bigint", { enabled: 5n }],
  ["a text", "ws://127.0.0.1:9876"],
  [
    "a proxy that was revoked",
    (() => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    })(),
  ],
])("options that are %s do not throw", (_, options) => {
  expect(() => initTelemetry(options as never)).not.toThrow();
});
