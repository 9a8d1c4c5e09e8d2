// What becomes of an unhandled rejection in each generation of React Native: what its own code does about it, as its sources
// have it (Libraries/promiseRejectionTrackingOptions.js, Libraries/Promise.js, @expo/metro-runtime), over the real package
// `promise`; and one record of it.

import { createRequire } from "node:module";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type CollectorDouble, createCollectorDouble } from "../../testing/collector-double.ts";
import type { RejectionTracking } from "./uncaught.ts";

const require = createRequire(import.meta.url);
const RealPromise: PromiseConstructor = require("promise");
const tracking: {
  enable(options: RejectionTracking): void;
  disable(): void;
} = require("promise/lib/rejection-tracking");

let collector: CollectorDouble;
/** What a developer sees besides the console. */
let logBox: unknown[] = [];

beforeEach(async () => {
  vi.stubGlobal("navigator", { product: "ReactNative" });
  for (const method of ["warn", "error"] as const) vi.spyOn(console, method).mockImplementation(() => {});
  collector = await createCollectorDouble();
  logBox = [];
});
afterEach(async () => {
  const { shutdownTelemetry } = await import("../../../dist/react-native/index.js" as string);
  await shutdownTelemetry();
  tracking.disable();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await collector.close();
});

const byWarning: RejectionTracking = {
  allRejections: true,
  onUnhandled: (id, error) =>
    console.warn(`Possible Unhandled Promise Rejection (id: ${id}):\n${(error as Error).message}`),
};
const byLogBox: RejectionTracking = {
  allRejections: true,
  onUnhandled: (_, error) => logBox.push((error as Error).message),
};
/** ExceptionsManager.handleException ends in console.error, past ErrorUtils. */
const byException: RejectionTracking = {
  allRejections: true,
  onUnhandled(id, error) {
    const message = `Uncaught (in promise, id: ${id}): "${(error as Error).message}"`;
    console.error(Object.assign(new Error(message), { cause: error }));
  },
};

interface Generation {
  readonly name: string;
  readonly minor: number;
  readonly engine: "hermes" | "jsc";
  readonly platform: RejectionTracking;
  readonly isExpo?: boolean;
  /** The app hands over React Native's own parts. */
  readonly isHandedOver?: boolean;
  readonly expected: readonly (readonly [severity: string, body: string, isUnhandled: boolean])[];
}

const unhandled = [["error", "TypeError: no profile", true]] as const;
const warned = [["warn", "Possible Unhandled Promise Rejection (id: 0):\nno profile", false]] as const;

const generations: readonly Generation[] = [
  { name: "0.63", minor: 63, engine: "jsc", platform: byWarning, expected: warned },
  { name: "0.70", minor: 70, engine: "hermes", platform: byWarning, expected: warned },
  {
    name: "0.70, handed over",
    minor: 70,
    engine: "hermes",
    platform: byWarning,
    isHandedOver: true,
    expected: unhandled,
  },
  // Nobody but LogBox is told, and an engine does not say who is.
  { name: "0.76", minor: 76, engine: "hermes", platform: byLogBox, expected: [] },
  {
    name: "0.76, handed over",
    minor: 76,
    engine: "hermes",
    platform: byLogBox,
    isHandedOver: true,
    expected: unhandled,
  },
  {
    name: "0.76 on JSC, handed over",
    minor: 76,
    engine: "jsc",
    platform: byLogBox,
    isHandedOver: true,
    expected: unhandled,
  },
  {
    name: "0.81, handed over",
    minor: 81,
    engine: "hermes",
    platform: byLogBox,
    isHandedOver: true,
    expected: unhandled,
  },
  { name: "0.82", minor: 82, engine: "hermes", platform: byException, expected: unhandled },
  {
    name: "0.88, handed over",
    minor: 88,
    engine: "hermes",
    platform: byException,
    isHandedOver: true,
    expected: unhandled,
  },
  { name: "Expo on 0.76", minor: 76, engine: "hermes", platform: byException, isExpo: true, expected: unhandled },
  {
    name: "Expo on 0.88, handed over",
    minor: 88,
    engine: "hermes",
    platform: byException,
    isExpo: true,
    isHandedOver: true,
    expected: unhandled,
  },
];

test.each(generations)("React Native $name: one record of it, and the platform's own report", async (generation) => {
  const { engine, platform, minor, isExpo, isHandedOver, expected } = generation;
  const { initTelemetry } = await import("../../../dist/react-native/index.js" as string);
  const onHermes = { enablePromiseRejectionTracker: (options: RejectionTracking) => tracking.enable(options) };
  if (engine === "hermes") vi.stubGlobal("HermesInternal", Object.freeze(onHermes));
  if (isExpo) vi.stubGlobal("expo", { modules: {} });
  const told = vi.fn(platform.onUnhandled);
  const own = { ...platform, onUnhandled: told };
  tracking.enable(own);
  const telemetry = initTelemetry({
    enabled: true,
    serviceName: "app",
    serverUrl: collector.url,
    captureSession: false,
    reactNative: {
      Platform: { OS: "ios", constants: { reactNativeVersion: { major: 0, minor } } },
      ...(isHandedOver && { promiseRejectionTrackingOptions: own, rejectionTracking: tracking }),
    },
  });
  RealPromise.reject(new TypeError("no profile"));
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1), 10_000);
  await telemetry.flush();
  expect(
    collector.records.map(({ severityText, body, attributes }) => [
      severityText,
      body,
      attributes["devmux.exception.unhandled"] === true,
    ]),
  ).toEqual(expected);
  expect(logBox).toEqual(platform === byLogBox ? ["no profile"] : []);
});

test("a tracker that is put in place after ours takes over, and what it reports is recognised", async () => {
  const { initTelemetry } = await import("../../../dist/react-native/index.js" as string);
  vi.stubGlobal("HermesInternal", {
    enablePromiseRejectionTracker: (options: RejectionTracking) => tracking.enable(options),
  });
  const telemetry = initTelemetry({
    enabled: true,
    serverUrl: collector.url,
    captureSession: false,
    reactNative: {
      Platform: { OS: "ios", constants: { reactNativeVersion: { major: 0, minor: 76 } } },
      promiseRejectionTrackingOptions: byLogBox,
    },
  });
  tracking.enable(byException);
  RealPromise.reject(new TypeError("no profile"));
  await collector.until(() => collector.records.length === 1);
  await telemetry.flush();
  expect(collector.records.map(({ body }) => body)).toEqual(["TypeError: no profile"]);
});
