import { defineConfig } from "vitest/config";

/** Unit tests stand beside the code, tests across packages are `*.e2e.test.ts`. Workspace packages are read as built. */
export default defineConfig({
  test: {
    include: ["{protocol,sdk,collector,exporters,examples}/**/*.test.{ts,js}", "scripts/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 60_000,
    // Real processes, browsers and clocks: on a gate's machine, which others may keep busy, a second look decides.
    retry: process.env.CI ? 2 : 0,
    hookTimeout: 60_000,
    // What is polled for comes at once or not at all; a busy machine may take its time.
    expect: { poll: { timeout: 10_000 } },
    pool: "forks",
    maxWorkers: 2,
  },
});
