import { afterEach, expect, test, vi } from "vitest";
import { isEnabled } from "./enabled.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

/** A page of that host; `mode` is what a bundler put in the place of NODE_ENV, undefined where there is none. */
function page(hostname: string, mode?: string): void {
  vi.stubGlobal("location", { hostname });
  if (mode === undefined) vi.stubGlobal("process", undefined);
  else vi.stubEnv("NODE_ENV", mode);
}

test.each<[string, string | undefined, boolean]>([
  ["shop.example.com", "development", true],
  ["192.168.1.20", "development", true],
  ["localhost", "production", false],
  ["127.0.0.1", "production", false],
  ["localhost", undefined, true],
  ["app.localhost", undefined, true],
  ["127.0.0.1", undefined, true],
  ["[::1]", undefined, true],
  ["shop.example.com", undefined, false],
  ["192.168.1.20", undefined, false],
  ["localhost.example.com", undefined, false],
  ["notlocalhost", undefined, false],
  ["127.0.0.1.example.com", undefined, false],
  ["", undefined, false],
])("a page of %j with NODE_ENV %s: %s", (hostname, mode, expected) => {
  page(hostname, mode);
  expect(isEnabled(undefined)).toBe(expected);
});

test("a process shim without NODE_ENV says nothing", () => {
  page("shop.example.com", "");
  expect(isEnabled(undefined)).toBe(false);
  vi.stubGlobal("process", {});
  expect(isEnabled(undefined)).toBe(false);
});

test.each([
  ["development", true],
  ["test", true],
  ["production", false],
  ["", true],
])("Node with NODE_ENV %j: %s", (mode, expected) => {
  vi.stubEnv("NODE_ENV", mode);
  expect(isEnabled(undefined)).toBe(expected);
});

test("__DEV__ decides before NODE_ENV", () => {
  vi.stubGlobal("__DEV__", false);
  expect(isEnabled(undefined)).toBe(false);
  vi.stubGlobal("__DEV__", true);
  vi.stubEnv("NODE_ENV", "production");
  expect(isEnabled(undefined)).toBe(true);
});

test("what the app says decides before all", () => {
  page("shop.example.com", "production");
  expect(isEnabled(true)).toBe(true);
  page("localhost", "development");
  expect(isEnabled(false)).toBe(false);
  expect(isEnabled("yes")).toBe(true);
});

test("an engine that is neither page nor Node is off", () => {
  vi.stubGlobal("process", undefined);
  expect(isEnabled(undefined)).toBe(false);
});
