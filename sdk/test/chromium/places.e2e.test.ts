// Where a page's code runs besides its window, and what becomes of a page: workers, a strict policy, what is said before
// the client starts, a page that is frozen, developer tools.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { pageWithClient, usePages } from "../../src/testing/chromium-pages.ts";

const worker = `import { initTelemetry } from "/devmux-telemetry.js";
  self.telemetry = undefined;
  const begin = (serverUrl) => {
    self.telemetry = initTelemetry({ serverUrl, serviceName: "in-worker" });
    console.log("in a worker", { a: 1 });
    setTimeout(() => { throw new RangeError("thrown in a worker"); });
    void Promise.reject(new TypeError("rejected in a worker"));
  };
  self.addEventListener("message", ({ data }) => begin(data));
  self.addEventListener("install", () => self.skipWaiting());`;
const early = `<script type="module">
  import "/early.js";
  console.log("before anything", { at: 1 });
  setTimeout(() => { throw new RangeError("early"); });
  addEventListener("error", () => setTimeout(() => (window.ready = true)));
</script>`;
const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'self' 'unsafe-inline'">`;

const { open, start, url } = usePages(async () => ({
  "/network.js": await bundled("network"),
  "/worker.js": worker,
  "/early": `<!doctype html><title>early</title><link rel="icon" href="data:,">${early}`,
  "/early.js": await bundled("auto"),
  "/later.js": await bundled("index"),
  "/strict": pageWithClient(policy),
}));

/** As an app's bundler makes it. */
async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../dist/browser/${entry}.js`, import.meta.url))],
    bundle: true,
    format: "esm",
    write: false,
    define: { "process.env.NODE_ENV": '"development"' },
    external: ["@opentelemetry/exporter-logs-otlp-http"],
  });
  return outputFiles[0]?.text ?? "";
}

const ofWorker = ["Error: rejected in a worker", "RangeError: thrown in a worker", "in a worker { a: 1 }"];

test("a worker has a client of its own", async () => {
  const { page, collector, errors } = await open();
  await page.evaluate(
    `void new Worker("/worker.js", { type: "module" }).postMessage(${JSON.stringify(collector.url)})`,
  );
  await collector.until(() => collector.records.length === 3);
  expect(collector.records.map(({ body }) => String(body).replace("TypeError", "Error")).sort()).toEqual(ofWorker);
  const [logged] = collector.records.filter(({ body }) => String(body).startsWith("in a worker"));
  expect(logged?.attributes["code.file.path"]).toBe(`${url()}/worker.js`);
  expect(collector.hellos[0]).toMatchObject({
    platform: { kind: "browser", url: `${url()}/worker.js` },
    resource: { "service.name": "in-worker" },
  });
  expect(errors.filter((each) => !/in a worker/.test(each))).toEqual([]);
});

test("a service worker too", async () => {
  const { page, collector } = await open();
  await page.evaluate(`navigator.serviceWorker.register("/worker.js", { type: "module" })
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => active.postMessage(${JSON.stringify(collector.url)}))`);
  await collector.until(() => collector.records.length === 3);
  expect(collector.records.map(({ body }) => String(body).replace("TypeError", "Error")).sort()).toEqual(ofWorker);
});

test("what a page says before the client starts arrives with its own time and place, once, and the console is given back", async () => {
  const { page, collector } = await open("/early");
  const result = await page.evaluate(`(async () => {
    const startedAt = Date.now();
    const { initTelemetry } = await import("/later.js");
    const telemetry = initTelemetry({ serverUrl: "${collector.url}", serviceName: "shop" });
    console.log("after");
    await telemetry.flush();
    await telemetry.shutdown();
    return { startedAt, isNative: String(console.log).includes("[native code]") };
  })()`);
  const { startedAt, isNative } = result as { startedAt: number; isNative: boolean };
  expect(collector.records.map(({ body }) => body)).toEqual([
    "before anything { at: 1 }",
    "RangeError: early",
    "after",
  ]);
  const [first, thrown] = collector.records;
  expect(Number(first?.timeUnixNano) / 1e6).toBeLessThanOrEqual(startedAt);
  expect(first?.attributes).toMatchObject({ "code.file.path": `${url()}/early`, "code.line.number": 3 });
  expect(thrown?.attributes["devmux.exception.unhandled"]).toBe(true);
  expect(isNative).toBe(true);
});

test("a page whose policy keeps it from the collector: it works as before, says why, and tells the collector nothing", async () => {
  const { page, collector, errors } = await start("/strict");
  await page.evaluate("console.log('on we go', { a: 1 }), telemetry.flush()");
  expect(await page.evaluate("sdk.diagnose()")).toMatch(/Content-Security-Policy does not allow .* connect-src/);
  expect([errors, collector.connections]).toEqual([[], 0]);
  // What the policy says of our own attempts is no record of the app's.
  const { buffered, problems } = await page.evaluate<{ buffered: number; problems: string[] }>("telemetry.status");
  expect([buffered, problems]).toEqual([2, []]);
});

test("a page that is frozen has left what it had, and goes on when it is thawed", async () => {
  const { page, collector } = await start();
  const session = await page.context().newCDPSession(page);
  await page.evaluate("addEventListener('freeze', () => console.log('freezing')), console.log('before')");
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await collector.until(() => collector.records.some(({ body }) => body === "before"));
  await session.send("Page.setWebLifecycleState", { state: "active" });
  await page.evaluate("console.log('after')");
  await collector.until(() => collector.records.some(({ body }) => body === "after"));
  await page.evaluate("telemetry.flush()");
  expect(new Set(collector.records.map(({ uid }) => uid)).size).toBe(collector.records.length);
  expect(new Set(collector.hellos.map(({ resource }) => resource["session.id"])).size).toBe(1);
});

test("requests by fetch and XMLHttpRequest are records, without their secrets, and do what they did", async () => {
  const { page, collector, errors } = await start();
  const seen = await page.evaluate(`(async () => {
    const { captureNetwork } = await import("/network.js");
    const end = captureNetwork();
    const ask = (method, url) => new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      request.onloadend = () => resolve(request.status);
      request.send();
    });
    const statuses = [await ask("GET", "/worker.js?token=secret"), await ask("POST", "/missing"), (await fetch("/early#x")).status];
    statuses.push(await ask("GET", "http://127.0.0.1:1/"), await fetch("http://127.0.0.1:1/").catch((error) => error.name));
    end();
    statuses.push(await ask("GET", "/worker.js"));
    await telemetry.flush();
    return statuses;
  })()`);
  expect([seen, errors]).toEqual([[200, 404, 200, 0, "TypeError", 200], []]);
  expect(
    collector.records.map(({ severityText, body }) => [severityText, String(body).replace(/ \(\d+ ms\)$/, "")]),
  ).toEqual([
    ["debug", `GET ${url()}/worker.js 200`],
    ["warn", `POST ${url()}/missing 404`],
    ["debug", `GET ${url()}/early 200`],
    ["warn", "GET http://127.0.0.1:1/ error"],
    ["warn", "GET http://127.0.0.1:1/ TypeError"],
  ]);
});

test("developer tools step over the client's frames: its source maps say so, and the frame under them is the app's", async () => {
  const dist = new URL("../../dist/", import.meta.url);
  for (const file of ["bundle/devmux-telemetry.js.map", "browser/index.js.map", "browser/auto.js.map"]) {
    const map = JSON.parse(readFileSync(new URL(file, dist), "utf8")) as { [key: string]: unknown[] };
    const all = map.sources?.map((_, index) => index);
    expect([map.ignoreList, map.x_google_ignoreList], file).toEqual([all, all]);
  }
  const { page } = await start();
  const session = await page.context().newCDPSession(page);
  const frames = new Promise<readonly { readonly url: string; readonly functionName: string }[]>((resolve) => {
    session.on("Runtime.consoleAPICalled", ({ stackTrace }) => resolve(stackTrace?.callFrames ?? []));
  });
  await session.send("Runtime.enable");
  await page.evaluate("(function theApp() { console.log('where am I'); })()");
  const outside = (await frames).filter(({ url: each }) => !each.endsWith("/devmux-telemetry.js"));
  expect(outside[0]?.functionName).toBe("theApp");
});
