// React Native's globals as they are in each generation, by shape; the real engine and the real bundler have tests of
// their own.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createGuard } from "../../capture/guard.ts";
import type { UncaughtError } from "../../capture/uncaught.ts";
import { createCollectorDouble } from "../../testing/collector-double.ts";
import { devHost, devOs, reachableUrl } from "./dev-machine.ts";
import { reactNativePlatform } from "./react-native.ts";
import { captureNative, type RejectionTracking, rejectionIn } from "./uncaught.ts";

beforeEach(() => vi.stubGlobal("navigator", { product: "ReactNative" }));
afterEach(() => vi.unstubAllGlobals());

const frame = "Error\n    at f (http://192.168.1.20:8081/index.bundle//&platform=ios&dev=true:1:2)";

test.each([
  [{}, frame, "192.168.1.20"],
  [{}, "Error\n    at f (http://10.0.2.2:8081/index.bundle?platform=android:1:2)", "10.0.2.2"],
  [{}, "Error\n    at f (address at index.android.bundle:1:2)", undefined],
  [{ expo: { modules: { ExponentConstants: { manifest: '{"hostUri":"192.168.0.7:8081"}' } } } }, frame, "192.168.0.7"],
  [
    {
      expo: { modules: { ExponentConstants: { manifest: { extra: { expoClient: { hostUri: "[fe80::1]:8081" } } } } } },
    },
    "",
    "[fe80::1]",
  ],
  [{ expo: { modules: { ExponentConstants: { manifest: "{" } } } }, frame, "192.168.1.20"],
  [{ expo: null }, "", undefined],
  [{ expo: { modules: { ExponentConstants: { manifest: { hostUri: "abc-8081.exp.direct" } } } } }, "", undefined],
  [{}, "Error\n    at f (https://a1b2.ngrok-free.app/index.bundle?platform=ios:1:2)", undefined],
])("the developer's machine, case %#", (globals, stack, expected) => {
  expect(devHost(globals, stack)).toBe(expected);
});

test("a page that Metro serves to a phone sends to where it comes from", async () => {
  vi.stubGlobal("navigator", { product: "Gecko" });
  vi.stubGlobal("document", {});
  vi.stubGlobal("location", { hostname: "192.168.1.20", host: "192.168.1.20:8081" });
  const { detectPlatform } = await import("../detect.react-native.ts");
  expect(detectPlatform()?.serverUrl?.("ws://127.0.0.1:9876")).toBe("ws://192.168.1.20:9876");
  expect(detectPlatform()?.serverUrl?.("ws://10.0.0.1:9876")).toBe("ws://10.0.0.1:9876");
});

test("only a loopback address is replaced, and the port stays", () => {
  expect(reachableUrl("ws://127.0.0.1:9876", "192.168.1.20")).toBe("ws://192.168.1.20:9876");
  expect(reachableUrl("ws://localhost:1234/x", "10.0.2.2")).toBe("ws://10.0.2.2:1234/x");
  expect(reachableUrl("ws://localhost.example:1", "10.0.2.2")).toBe("ws://localhost.example:1");
  expect(reachableUrl("ws://10.1.1.1:9876", "192.168.1.20")).toBe("ws://10.1.1.1:9876");
  expect(reachableUrl("ws://127.0.0.1:9876", undefined)).toBe("ws://127.0.0.1:9876");
  expect([devOs(frame), devOs("Error")]).toEqual(["ios", undefined]);
});

function capture(parts: Parameters<typeof captureNative>[0] = {}) {
  const taken: UncaughtError[] = [];
  const end = captureNative(
    parts,
    createGuard(() => {}),
    (error) => taken.push(error),
  );
  return { taken, end };
}

test("ErrorUtils: the handler before is called with the same error and fatality, also by an error inside ours", () => {
  const calls: unknown[][] = [];
  let handler: (error: unknown, isFatal?: boolean) => void = (...args) => calls.push(args);
  const before = handler;
  vi.stubGlobal("ErrorUtils", {
    getGlobalHandler: () => handler,
    setGlobalHandler: (next: typeof handler) => {
      handler = next;
    },
  });
  const { taken, end } = capture();
  const error = new TypeError("red");
  handler(error, true);
  expect(calls).toEqual([[error, true]]);
  expect(taken).toMatchObject([{ mechanism: "error", thrown: error, attributes: { "devmux.exception.fatal": true } }]);
  const ours = handler;
  end();
  expect(handler).toBe(before);
  ours("late", false);
  expect([taken.length, calls.length]).toEqual([1, 2]);
});

test("a fatal error inside the handler before ours goes on as it would, and each is told once", () => {
  let handler = (_error: unknown, _isFatal?: boolean): void => {
    throw new Error("in the red box");
  };
  vi.stubGlobal("ErrorUtils", {
    getGlobalHandler: () => handler,
    setGlobalHandler: (next: typeof handler) => {
      handler = next;
    },
  });
  const { taken, end } = capture();
  expect(() => handler(new Error("first"), true)).toThrow("in the red box");
  expect(taken.map(({ thrown }) => (thrown as Error).message)).toEqual(["first"]);
  end();
});

test("without ErrorUtils, and without a tracker, nothing happens", () => {
  const { taken, end } = capture({ promiseRejectionTrackingOptions: {} });
  end();
  expect(taken).toEqual([]);
});

const version = (minor: number) => ({ OS: "ios", constants: { reactNativeVersion: { major: 0, minor } } });

test.each([
  ["0.76 with its own options", version(76), {}, 1],
  ["0.82, which reports by itself", version(82), {}, 0],
  ["0.76 without its own options", version(76), undefined, 0],
  ["an unknown version", undefined, {}, 0],
])("the tracker of %s", (_, Platform, own, expected) => {
  const enabled: RejectionTracking[] = [];
  vi.stubGlobal("HermesInternal", { enablePromiseRejectionTracker: (each: RejectionTracking) => enabled.push(each) });
  capture({ ...(Platform && { Platform }), ...(own && { promiseRejectionTrackingOptions: own }) });
  expect(enabled).toHaveLength(expected);
});

test("with the real rejection tracking: ours takes it, the platform's own is called, late handling is told", async () => {
  const require = createRequire(import.meta.url);
  const RealPromise = require("promise");
  const tracking = require("promise/lib/rejection-tracking");
  vi.stubGlobal("HermesInternal", {
    enablePromiseRejectionTracker: (options: RejectionTracking) => tracking.enable(options),
  });
  const own: unknown[] = [];
  const { taken, end } = capture({
    Platform: version(76),
    promiseRejectionTrackingOptions: {
      allRejections: true,
      onUnhandled: (id, rejection) => own.push(["unhandled", id, rejection]),
      onHandled: (id) => own.push(["handled", id]),
    },
  });
  const error = new TypeError("not handled");
  const promise = RealPromise.reject(error);
  await vi.waitFor(() => expect(own).toEqual([["unhandled", 0, error]]), 10_000);
  promise.then(undefined, () => {});
  await vi.waitFor(() => expect(own).toHaveLength(2), 10_000);
  expect(taken.map(({ mechanism, thrown }) => [mechanism, thrown])).toEqual([
    ["unhandledrejection", error],
    ["rejectionhandled", undefined],
  ]);
  expect(taken[0]?.promise).toBe(taken[1]?.promise);
  end();
  tracking.disable();
});

test("what React Native gets sends texts, waits for acknowledgements and not for bufferedAmount, which is never set", () => {
  const folder = new URL("../../../dist/react-native/", import.meta.url);
  const code = readdirSync(folder)
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n");
  expect(code).toContain("WebSocket");
  expect(code).not.toMatch(/bufferedAmount|binaryType/);
});

test("the platform's report of a rejection is recognised, with what was rejected", () => {
  const cause = new Error("why");
  expect(rejectionIn([new Error("Uncaught (in promise, id: 0) Error: why", { cause })])).toEqual({ thrown: cause });
  expect(rejectionIn([new Error("other")])).toBeUndefined();
  expect(rejectionIn(["Uncaught (in promise"])).toBeUndefined();
});

test("a device: text frames to the developer's machine, one record for a fatal error that the console repeats", async () => {
  const { initTelemetry } = await import("../../../dist/react-native/index.js" as string);
  const collector = await createCollectorDouble();
  let handler: (error: unknown, isFatal?: boolean) => void = (error) =>
    console.error(`${error}\n\nThis error is located at:`);
  vi.stubGlobal("ErrorUtils", {
    getGlobalHandler: () => handler,
    setGlobalHandler: (next: typeof handler) => {
      handler = next;
    },
  });
  vi.stubGlobal("crypto", undefined);
  vi.stubGlobal("TextEncoder", undefined);
  vi.spyOn(console, "error").mockImplementation(() => {});
  let change = (_state: string): void => {};
  const AppState = {
    addEventListener(_type: string, listener: (state: string) => void) {
      change = listener;
      return { remove() {} };
    },
  };
  const telemetry = initTelemetry({
    enabled: true,
    serviceName: "app",
    serverUrl: collector.url,
    reactNative: { AppState, Platform: version(76) },
  });
  expect(reactNativePlatform()?.describe()).toMatchObject({ kind: "react-native" });
  handler(new RangeError("fatal ü"), true);
  change("background");
  await collector.until(() => collector.records.length === 1);
  await telemetry.flush();
  expect(collector.hellos[0]?.platform).toEqual({ kind: "react-native", bundler: "metro", os: "ios" });
  expect(collector.records).toMatchObject([
    {
      body: "RangeError: fatal ü",
      attributes: {
        "devmux.exception.sources": ["error", "console.error"],
        "devmux.exception.fatal": true,
        "devmux.exception.unhandled": true,
      },
    },
  ]);
  expect(collector.faults).toEqual([]);
  await telemetry.shutdown();
  await collector.close();
});
