// What the package says of Chromium 90, Firefox 90 and Safari 15: the syntax of what browsers get, and that it does without
// what came to them later.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import { expect, test } from "vitest";
import { launchChromium, servePages } from "../../src/testing/chromium.ts";
import { createCollectorDouble } from "../../src/testing/collector-double.ts";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const files = ["browser", "bundle", "production"].flatMap((folder) =>
  readdirSync(join(dist, folder))
    .filter((name) => name.endsWith(".js"))
    .map((name) => `${folder}/${name}`),
);

test("there is something to look at", () => expect(files.length).toBeGreaterThan(5));

/** What of ECMAScript 2022 and before one of the three cannot read. Of 2022 all have fields and private names of classes. */
function tooNew(code: string): string[] {
  const found: string[] = [];
  const open: unknown[] = [parse(code, { ecmaVersion: 2022, sourceType: "module" })];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null || value instanceof RegExp) continue;
    const { type, regex, left } = value as { type?: string; regex?: { pattern: string }; left?: { type: string } };
    // Safari 16.4.
    if (regex && /\(\?<[=!]/.test(regex.pattern)) found.push(`a pattern that looks behind: ${regex.pattern}`);
    // Chromium 94, Firefox 93, Safari 16.4.
    if (type === "StaticBlock") found.push("a static block");
    // Chromium 91, Firefox 90, Safari 15.
    if (left?.type === "PrivateIdentifier") found.push("a private name before `in`");
    open.push(...Object.values(value));
  }
  return found;
}

test.each(files)("all three can read %s", (file) => {
  expect(tooNew(readFileSync(join(dist, file), "utf8"))).toEqual([]);
});

test.each(["/(?<!a)b/", "class A { static { } }", "class A { #a; has(o) { return #a in o; } }"])(
  "it would be seen: %s",
  (code) => {
    expect(tooNew(code)).toHaveLength(1);
  },
);

/** That one of the three got later. */
const later = [
  "Object.hasOwn",
  "Object.groupBy",
  "Array.fromAsync",
  "Array.prototype.at",
  "String.prototype.at",
  "Array.prototype.findLast",
  "Array.prototype.findLastIndex",
  "Array.prototype.toSorted",
  "Array.prototype.with",
  "String.prototype.isWellFormed",
  "String.prototype.toWellFormed",
  "Promise.withResolvers",
  "Promise.try",
  "AbortSignal.timeout",
  "AbortSignal.any",
  "URL.canParse",
  "URL.parse",
  "Crypto.prototype.randomUUID",
  "globalThis.structuredClone",
  "globalThis.reportError",
  "globalThis.navigation",
  "globalThis.scheduler",
  "globalThis.ReportingObserver",
];

test("it runs in a browser that has none of what came later", async () => {
  const collector = await createCollectorDouble();
  const pages = await servePages({
    "/": `<!doctype html><title>old</title><link rel="icon" href="data:,"><script>
      for (const path of ${JSON.stringify(later)}) {
        const at = path.lastIndexOf(".");
        const owner = eval(path.slice(0, at));
        delete owner[path.slice(at + 1)];
        if (owner[path.slice(at + 1)] !== undefined) throw new Error("still there: " + path);
      }
    </script><script type="module">
      import * as sdk from "/devmux-telemetry.js";
      window.sdk = sdk;
      window.ready = true;
    </script>`,
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(pages.url);
    await page.waitForFunction("window.ready");
    await page.evaluate(`
      window.telemetry = sdk.initTelemetry({ serverUrl: "${collector.url}" });
      console.log("hello %s", "there", { a: [1, { b: new Map([[1, 2]]) }], text: "\\ud800" });
      console.error("failed", Object.assign(new TypeError("bad"), { cause: new Error("why"), code: 1 }));
      history.pushState({}, "", "/next");
      new Promise((resolve) => setTimeout(resolve, 50)).then(() => telemetry.flush());
    `);
    const status = await page.evaluate("(telemetry.flush().then(() => telemetry.status))");
    expect(errors).toEqual([]);
    expect(status).toMatchObject({ problems: [], buffered: 0, refused: 0 });
    expect(collector.records.map(({ body }) => body)).toEqual([
      "hello there { a: [1, { b: Map(1) { 1 => 2 } }], text: '\ufffd' }",
      "failed TypeError: bad { cause: [Error: why], code: 1 }",
    ]);
  } finally {
    await browser.close();
    await pages.close();
    await collector.close();
  }
});
