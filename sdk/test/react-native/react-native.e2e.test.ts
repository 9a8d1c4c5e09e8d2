// The client in an app as React Native builds and runs it: Metro, hermesc, the Hermes VM, React Native's own console and
// ErrorUtils. What only a device has (native WebSocket, LogBox, AppState) is not here; the README says how to try it.

import { expect, test } from "vitest";
import { buildApp } from "./bundle.ts";

const start = `
  const { initTelemetry } = require("@chriscode/devmux-telemetry");
  const telemetry = initTelemetry({ serverUrl: "ws://192.168.1.20:9876", serviceName: "app" });
`;

/** Uses all of the console that React Native has, fails in each way that it knows, and says what it saw. */
const app = `
  const seen = [];
  const before = ErrorUtils.getGlobalHandler();
  ErrorUtils.setGlobalHandler((error, isFatal) => {
    seen.push([error.message, isFatal]);
    before(error, isFatal);
  });
  ErrorUtils.setGlobalHandler(((previous) => (error, isFatal) => previous(error, isFatal))(ErrorUtils.getGlobalHandler()));
  console.log("hello %s", "world", { a: [1, 2] }, new TypeError("inside").message);
  for (const level of ["info", "warn", "error", "debug", "trace"]) console[level](level, undefined, null, -0);
  console.group("outer");
  console.assert(1 === 2, "no");
  console.groupEnd();
  console.table([{ a: 1 }, { a: 2 }]);
  const self = { name: "self" };
  self.self = self;
  Object.defineProperty(self, "bad", { enumerable: true, get() { throw new Error("getter"); } });
  console.log("odd", self, Symbol("s"), () => {}, new Map([[1, 2]]));
  setTimeout(() => { throw new RangeError("in a timer"); }, 10);
  ErrorUtils.reportError(new Error("not fatal"));
  setTimeout(() => print("end " + JSON.stringify(seen)), 50);
  passTime(10000);
`;
/** React Native's first handler throws on; here it is told from a crash of the VM. */
const quiet = "ErrorUtils.setGlobalHandler(() => {});";

test("an app prints and fails with the client as it does without", async () => {
  using plain = await buildApp(quiet + app, { dev: true });
  using watched = await buildApp(quiet + start + app, { dev: true });
  const said = (lines: readonly string[]): string[] => lines.filter((line) => /^(console|end) /.test(line));
  const expected = said(await plain.run());
  expect(expected.at(-1)).toBe('end [["not fatal",null],["in a timer",true]]'.replace("null", "false"));
  expect(expected.length).toBeGreaterThan(10);
  expect(said(await watched.run())).toEqual(expected);
}, 60_000);

test("a release prints as it does without, and opens no socket", async () => {
  using plain = await buildApp(quiet + app, { dev: false, minify: true });
  using released = await buildApp(quiet + start + app, { dev: false, minify: true });
  expect(await released.run()).toEqual(await plain.run());
}, 60_000);

interface Sent {
  readonly body: unknown;
  readonly severityText: string;
  readonly attributes: { readonly [key: string]: unknown };
}

/** The records of what an app has sent. */
function recordsOf(lines: readonly string[]): Sent[] {
  const text = (value: object): unknown => Object.values(value)[0];
  const frames = lines.filter((line) => line.startsWith("sent ")).map((line) => JSON.parse(line.slice(5)));
  return frames
    .filter(({ type }) => type === "export")
    .flatMap(({ payload }) => payload.request.resourceLogs)
    .flatMap(({ scopeLogs }) => scopeLogs)
    .flatMap(({ logRecords }) => logRecords)
    .map(({ body, severityText, attributes }) => ({
      body: text(body),
      severityText,
      attributes: Object.fromEntries(
        attributes.map(({ key, value }: { key: string; value: object }) => [key, text(value)]),
      ),
    }));
}

test("what the app logs, fails with and emits through OTel's own API arrives, each once", async () => {
  using built = await buildApp(
    `${quiet}${start}
     console.log("hello %s", "world", { a: [1, 2] });
     console.warn("careful");
     console.group("outer");
     console.error("failed", new TypeError("inside"));
     console.groupEnd();
     require("@opentelemetry/api").logs.getLogger("app").emit({ body: "from the app" });
     setTimeout(() => { throw new RangeError("in a timer"); }, 10);
     ErrorUtils.reportError(new Error("not fatal"));
     // As React Native reports a rejection from 0.82 on, and Expo always.
     const reason = new SyntaxError("rejected");
     console.error(Object.assign(new Error("Uncaught (in promise, id: 0) SyntaxError: rejected"), { cause: reason }));
     passTime(10000);`,
    { dev: true },
  );
  const lines = await built.run();
  expect(lines).toContain("socket ws://192.168.1.20:9876");
  const records = recordsOf(lines).filter(({ body }) => !String(body).startsWith("session "));
  const summary = records.map(({ body, severityText, attributes }) => [
    body,
    severityText ?? "",
    attributes["devmux.exception.unhandled"] === true,
  ]);
  expect(summary.sort()).toEqual([
    ["Error: not fatal", "error", true],
    ["RangeError: in a timer", "error", true],
    ["SyntaxError: rejected", "error", true],
    ["careful", "warn", false],
    ["failed TypeError: inside", "error", false],
    ["from the app", "", false],
    ["hello world { a: [1, 2] }", "log", false],
    ["outer", "log", false],
  ]);
  const [hello] = records.filter(({ body }) => String(body).startsWith("hello"));
  const line = built.code.split("\n").findIndex((text) => text.includes('console.log("hello'));
  expect(hello?.attributes["code.file.path"]).toBe(built.bundle);
  expect(Number(hello?.attributes["code.line.number"])).toBe(line + 1);
}, 60_000);

test("before 0.82 nobody prints a rejection: the app hands over React Native's tracking, which still gets all", async () => {
  using built = await buildApp(
    `${quiet}
     const { initTelemetry } = require("@chriscode/devmux-telemetry");
     const promiseRejectionTrackingOptions = {
       allRejections: true,
       onUnhandled: (id, reason) => print("platform " + id + " " + reason.message),
       onHandled: (id) => print("platform handled " + id),
     };
     HermesInternal.enablePromiseRejectionTracker(promiseRejectionTrackingOptions);
     const Platform = { OS: "ios", constants: { reactNativeVersion: { major: 0, minor: 79 } } };
     initTelemetry({ serviceName: "app", reactNative: { promiseRejectionTrackingOptions, Platform } });
     const rejected = Promise.reject(new TypeError("no profile"));
     setTimeout(() => rejected.catch(() => {}), 3000);
     passTime(10000);`,
    { dev: true },
  );
  const lines = await built.run();
  expect(lines.filter((line) => line.startsWith("platform"))).toEqual(["platform 0 no profile", "platform handled 0"]);
  const [rejection] = recordsOf(lines).filter(({ body }) => body === "TypeError: no profile");
  expect(rejection?.attributes).toMatchObject({
    "exception.type": "TypeError",
    "devmux.exception.unhandled": true,
    "devmux.exception.mechanism": "unhandledrejection",
  });
}, 60_000);

/**
 * Bytes of bytecode that the client adds to a release, OTel's API included, with the flags of React Native's own builds
 * (`hermesFlags` of its Gradle plugin). A plain bundle of the official SDK with its exporter adds 528 KB.
 */
const limitBytes = 120 * 1_024;

test("old and new hermesc take it, and it adds no more than it may", async () => {
  using without = await buildApp("console.log(1);", { dev: false, minify: true });
  using with_ = await buildApp(`${start}console.log(1);`, { dev: false, minify: true });
  for (const compiler of ["old", "new"] as const) {
    const added = with_.compile(compiler) - without.compile(compiler);
    expect(added, compiler).toBeGreaterThan(50_000);
    expect(added, compiler).toBeLessThanOrEqual(limitBytes);
  }
}, 60_000);
