// The contract of extensions, kept by each of ours.

import { describe, test } from "vitest";
import { testExtension } from "../testing/index.ts";
import { healthCheckFactory } from "./health_check/factory.ts";
import { bearerTokenAuthFactory, storageFactory } from "./index.ts";

const extensions = [
  ["bearertokenauth", testExtension(bearerTokenAuthFactory, { token: "a-token" })],
  ["health_check", testExtension(healthCheckFactory, { endpoint: "127.0.0.1:0" })],
  ["storage", testExtension(storageFactory, { min_free_space: 0 })],
] as const;

describe.each(extensions)("%s", (_type, checks) => {
  test.each(checks)("$name", ({ run }) => run());
});
