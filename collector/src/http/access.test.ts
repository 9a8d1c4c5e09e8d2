import { describe, expect, test } from "vitest";
import { type AccessRules, checkAccess } from "./access.ts";
import { createOwnAddresses, isLoopback, isThisMachine, isWildcard } from "./addresses.ts";

const own = createOwnAddresses(() => ({
  lo: [{ address: "127.0.0.1", family: "IPv4", internal: true, netmask: "", mac: "", cidr: null }],
  eth0: [{ address: "192.168.1.20", family: "IPv4", internal: false, netmask: "", mac: "", cidr: null }],
}));
const rules: AccessRules = { allowedOrigins: ["https://app.example.dev"], allowedHosts: ["dev.box"], own };

function check(host: string | undefined, origin?: string) {
  const access = checkAccess({ host, origin }, rules);
  return access.ok ? 200 : access.status;
}

describe("access", () => {
  test.each([
    "localhost",
    "localhost:9876",
    "app.localhost:9876",
    "127.0.0.1",
    "127.8.9.1:80",
    "[::1]:9876",
    "192.168.1.20:9876",
    "dev.box",
    "LOCALHOST",
  ])("Host %s is this machine", (host) => expect(check(host)).toBe(200));

  test.each(["evil.test", "localhost.evil.test", "127.0.0.1.nip.io", "192.168.1.21:9876", "10.0.0.1"])(
    "Host %s is not",
    (host) => expect(check(host)).toBe(403),
  );

  test.each([
    undefined,
    "",
    "localhost:99999",
    "[::1",
    "a".repeat(65_536),
    "local host",
    "localhost:",
    "a@b",
    "localhost/x",
  ])("Host %s is malformed", (host) => expect(check(host)).toBe(400));

  test.each([
    "http://localhost:3000",
    "http://localhost",
    "https://x.localhost",
    "http://127.0.0.1:5173",
    "http://[::1]:8081",
    "http://192.168.1.20:9876",
    "https://app.example.dev",
  ])("Origin %s may connect", (origin) => expect(check("localhost:9876", origin)).toBe(200));

  test.each([
    "null",
    "",
    "http://evil.test",
    "http://localhost.evil.test",
    "http://127.0.0.1.evil.test",
    "http://localhost:",
    "http://localhost:3000/",
    "http://user@localhost",
    "file://",
    "file:///tmp/x.html",
    "chrome-extension://abc",
    "http://192.168.1.21:3000",
    "https://app.example.dev.evil.test",
    "https://app.example.dev:444",
    "http://app.example.dev",
    `http://${"a".repeat(70_000)}`,
  ])("Origin %s may not", (origin) => expect(check("localhost:9876", origin)).toBe(403));

  test("a refusal names what was found and the key that allows it, and is short", () => {
    const access = checkAccess({ host: "localhost", origin: `http://${"e".repeat(400)}.test` }, rules);
    expect(access).toMatchObject({ ok: false, message: expect.stringContaining("allowed_origins") });
    expect(JSON.stringify(access).length).toBeLessThan(500);
  });
});

test.each(["0.0.0.0", "::", "", "0", "0x0", "0x00000000", "::ffff:0.0.0.0", "[::]", "::0"])(
  "%j binds every interface",
  (host) => {
    expect(isWildcard(host)).toBe(true);
  },
);

test.each(["127.0.0.1", "localhost", "192.168.1.20", "::1"])("%j does not", (host) => {
  expect(isWildcard(host)).toBe(false);
});

test.each([
  ["127.0.0.1", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["192.168.1.20", false],
  ["127.evil", false],
])("%s is loopback: %s", (ip, expected) => expect(isLoopback(ip)).toBe(expected));

test.each([
  ["127.0.0.1", "127.0.0.1", true],
  ["::ffff:127.0.0.1", "::ffff:127.0.0.1", true],
  ["192.168.1.5", "192.168.1.5", true],
  ["192.168.1.6", "192.168.1.5", false],
  [undefined, undefined, false],
])("from %s to %s is from this machine: %s", (remoteAddress, localAddress, expected) =>
  expect(isThisMachine({ remoteAddress, localAddress })).toBe(expected),
);
