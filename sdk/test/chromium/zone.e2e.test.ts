// A page with Zone.js, as Angular has it: the client works, and makes none of the app's work.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { pageWithClient, usePages } from "../../src/testing/chromium-pages.ts";

const zone = readFileSync(createRequire(import.meta.url).resolve("zone.js"), "utf8");

const { open } = usePages(() => ({
  "/zone.js": zone,
  "/zoned": pageWithClient('<script src="/zone.js"></script>'),
  // As Zone.js was by itself until 0.15: it then tells of a rejection as browsers do.
  "/wrapping": pageWithClient(
    "<script>__zone_symbol__DISABLE_WRAPPING_UNCAUGHT_PROMISE_REJECTION = false</script><script src='/zone.js'></script>",
  ),
}));

/** As Angular's: after each task of the app its views are looked at, and here one of them logs. */
const angular = `
  window.turns = [];
  window.app = Zone.current.fork({
    name: "angular",
    onInvokeTask(delegate, current, target, task, self, args) {
      try {
        return delegate.invokeTask(target, task, self, args);
      } finally {
        turns.push(task.source);
        if (turns.length < 500) console.log("checked", turns.length);
      }
    },
  });`;

test("Zone.js: what the app does in its zone is captured, and nothing of the client runs there", async () => {
  const { page, collector, errors } = await open("/zoned");
  await page.evaluate(`${angular}
    app.run(() => {
      window.telemetry = sdk.initTelemetry({ serverUrl: "${collector.url}", serviceName: "shop" });
      console.log("in the zone", { a: 1 });
      for (let i = 0; i < 100; i++) console.info("line", i);
      setTimeout(() => console.warn("of the app"), 10);
    })`);
  await collector.until(() => collector.records.some(({ body }) => body === "checked 1"));
  await page.evaluate("telemetry.flush()");
  // A storm would be hundreds of turns by now.
  await page.waitForTimeout(500);
  expect(await page.evaluate("turns")).toEqual(["setTimeout"]);
  expect(collector.records.map(({ body }) => body)).toEqual([
    "in the zone { a: 1 }",
    ...Array.from({ length: 100 }, (_, index) => `line ${index}`),
    "of the app",
    "checked 1",
  ]);
  expect(errors).toEqual([]);
});

test.each([
  ["/zoned", {}],
  ["/wrapping", { "devmux.exception.unhandled": true, "devmux.exception.mechanism": "unhandledrejection" }],
])("Zone.js on %s: a rejection and an error of the app are a record each", async (path, more) => {
  const { page, collector } = await open(path);
  await page.evaluate(`${angular}
    window.telemetry = sdk.initTelemetry({ serverUrl: "${collector.url}", serviceName: "shop" });
    app.run(() => {
      Promise.reject(new RangeError("rejected"));
      setTimeout(() => { throw new TypeError("thrown"); }, 50);
    })`);
  await collector.until(() => collector.records.some(({ body }) => body === "TypeError: thrown"));
  await page.evaluate("telemetry.flush()");
  const errors = collector.records.filter(({ severityText }) => severityText === "error");
  expect(errors.map(({ body }) => body)).toEqual(["RangeError: rejected", "TypeError: thrown"]);
  expect(errors[0]?.attributes).toMatchObject({
    "exception.type": "RangeError",
    "exception.stacktrace": expect.stringMatching(/^RangeError: rejected\n\s+at /),
    ...more,
  });
});
