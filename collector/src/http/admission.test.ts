import { expect, test } from "vitest";
import { bearerToken, createAdmission } from "./admission.ts";

const admits = createAdmission("secret");

test.each([
  ["127.0.0.1", undefined, true],
  ["::1", "wrong", true],
  ["::ffff:127.0.0.1", undefined, true],
  ["192.168.1.30", "secret", true],
  ["192.168.1.30", "secre", false],
  ["192.168.1.30", "secret ", false],
  ["192.168.1.30", "", false],
  ["192.168.1.30", undefined, false],
  ["", undefined, false],
])("a client at %s with token %j is admitted: %s", (remoteAddress, token, expected) => {
  expect(admits({ remoteAddress, token })).toBe(expected);
});

test("without a token the network is admitted too", () => {
  expect(createAdmission(undefined)({ remoteAddress: "192.168.1.30", token: undefined })).toBe(true);
});

test.each([
  ["Bearer abc", "abc"],
  ["bearer   abc", "abc"],
  ["Basic abc", undefined],
  ["Bearer", undefined],
  ["Bearer a b", undefined],
  [undefined, undefined],
])("%j carries %j", (header, token) => expect(bearerToken(header)).toBe(token));
