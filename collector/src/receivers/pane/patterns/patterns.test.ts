import { describe, expect, it } from "vitest";
import { builtinSets } from "./builtin.ts";
import { createMatcher } from "./matcher.ts";
import { ownPatternSchema, patternSetNames } from "./own.ts";

const match = createMatcher(patternSetNames, []);

describe("lines and their patterns", () => {
  it.each([
    ["FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "fatal", "out-of-memory"],
    ["Segmentation fault (core dumped)", "fatal", "segfault"],
    ["panic: runtime error: index out of range", "fatal", "panic"],
    ["Error: connect ECONNREFUSED 127.0.0.1:5432", "error", "database-unreachable"],
    ["PrismaClientKnownRequestError: ", "error", "prisma"],
    ['ERROR:  duplicate key value violates unique constraint "users_pkey"', "error", "postgres"],
    ["Error: ER_DUP_ENTRY: Duplicate entry", "error", "mysql"],
    ["SqliteError: SQLITE_BUSY: database is locked", "error", "sqlite"],
    ["MongoServerError: E11000 duplicate key", "error", "mongodb"],
    [" ⨯ Error: boom", "error", "nextjs-error"],
    ['Error occurred prerendering page "/about"', "error", "nextjs-prerender"],
    ['Warning: Each child in a list should have a unique "key" prop.', "warning", "react-warning"],
    ["Error: Hydration failed because the server rendered HTML didn't match", "error", "react-hydration"],
    ["Error: Invalid hook call. Hooks can only be called inside", "error", "react-hooks"],
    ["src/a.ts(3,1): error TS2304: Cannot find name 'x'.", "error", "compile"],
    ["[vite] Internal server error: Failed to parse source", "error", "compile"],
    ["TypeError: fetch failed", "error", "fetch-failed"],
    ['127.0.0.1 - "GET /api/orders HTTP/1.1" 500 12', "error", "http-5xx"],
    ["GET /missing 404 in 3ms", "warning", "http-4xx"],
    ["Traceback (most recent call last):", "error", "python-traceback"],
    ["KeyError: 'id'", "error", "python-error"],
    ["/app/a.py:3: DeprecationWarning: old", "warning", "python-warning"],
    ["ERROR:root:could not connect", "error", "python-log"],
    ["(node:1234) [DEP0040] DeprecationWarning: The `punycode` module", "warning", "node-warning"],
    ["Error: listen EADDRINUSE: address already in use :::3000", "error", "node-port-in-use"],
    ["Error: Cannot find module './x.js'", "error", "node-module"],
    ["Error [ERR_HTTP_HEADERS_SENT]: Cannot set headers", "error", "node-error"],
    ["unhandled: UnhandledPromiseRejection", "error", "node-unhandled"],
    ["npm error code ELIFECYCLE", "error", "node-npm"],
    ['{"level":50,"msg":"boom"}', "error", "level-error"],
    ["12:00:01 [WARN] slow", "warning", "level-warning"],
    ["level=debug msg=tick", "debug", "level-debug"],
  ])("%s", (line, severity, name) => {
    expect(match(line)).toMatchObject({ severity, name });
  });

  it.each([
    "listening on http://localhost:3000",
    "GET /api/orders 200 in 500 ms",
    "no errors found",
    "  VITE v8.3.8  ready in 312 ms",
    "0 errors, 0 warnings",
    "compiled client and server successfully",
    'INFO:     127.0.0.1:51234 - "GET / HTTP/1.1" 200 OK',
    "",
  ])("%s is nothing", (line) => {
    expect(match(line)).toBeUndefined();
  });

  it("only those of the chosen sets", () => {
    expect(createMatcher(["python"], [])("Error: listen EADDRINUSE")).toBeUndefined();
    expect(createMatcher([], [])("FATAL ERROR: x")).toBeUndefined();
  });

  it("in a time that a line cannot stretch", () => {
    const patterns = Object.values(builtinSets).flat();
    const units = [
      "a",
      "Error",
      "(((",
      "GET ",
      "GET x",
      "x. ",
      "Mongo",
      "a_",
      "\t",
      " at ",
      "[vite]",
      "ER_A",
      "Prisma Client",
      "level=",
      "Warning: ",
    ];
    let slowest = 0;
    for (const unit of units) {
      const line = unit.repeat(8_192 / unit.length);
      for (const { name, regex } of patterns) {
        const begun = performance.now();
        regex.test(line);
        const took = performance.now() - begun;
        slowest = Math.max(slowest, took);
        expect(took, `${name} on ${unit}`).toBeLessThan(250);
      }
    }
    expect(slowest).toBeGreaterThan(0);
  });
});

describe("a pattern of the user's", () => {
  it("comes first, and an error unless it says otherwise", () => {
    const own = ownPatternSchema.parse({ name: "payment", regex: "charge (\\w+) declined" });
    expect(createMatcher(patternSetNames, [own])("FATAL: charge c1 declined")).toEqual({
      name: "payment",
      severity: "error",
    });
  });

  it.each([
    [{ name: "x", regex: "(?=a)" }, "invalid pattern"],
    [{ name: "Not A Name", regex: "a" }, "expected lower-case letters"],
    [{ name: "x", regex: "a", severity: "loud" }, "Invalid option"],
    [{ name: "x", regex: "(a{1,500}){1,500}" }, "invalid pattern"],
  ])("that is none is refused: %j", (pattern, message) => {
    const parsed = ownPatternSchema.safeParse(pattern);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(message);
  });

  it("takes linear time", () => {
    const slow = createMatcher([], [{ name: "x", regex: "(a+)+$", severity: "error" }]);
    expect(slow(`${"a".repeat(4_000)}b`)).toBeUndefined();
  });
});
