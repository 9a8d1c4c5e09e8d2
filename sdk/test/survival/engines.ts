// The rows of the survival table in each engine: a program of the same source, built as that engine's apps are, with the
// built client and a real collector's side of the protocol.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { launchChromium, servePages } from "../../src/testing/chromium.ts";
import { createCollectorDouble, type ReceivedRecord, readRequest } from "../../src/testing/collector-double.ts";
import type { Survival } from "../../src/testing/rows/survive.ts";
import { buildApp } from "../react-native/bundle.ts";

export interface Run {
  readonly survivals: readonly Survival[];
  readonly records: readonly ReceivedRecord[];
  /** What was printed besides, where nothing should be. */
  readonly printed: readonly string[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** `then` gets `survivals`, a promise; `url` is an expression. */
async function program(client: string, format: "esm" | "cjs", engine: string, then: string): Promise<string> {
  const contents = `
    import { initTelemetry } from ${JSON.stringify(client)};
    import { rows } from "./src/testing/rows/rows.ts";
    import { survive } from "./src/testing/rows/survive.ts";
    // Every call is to be a record.
    const rate = { identical: 1e9, burst: 1e9, sustained: 1e9, perSite: 1e9 };
    const run = (serverUrl, limitMs, now) => {
      let telemetry;
      return survive(rows, {
        start() { telemetry = initTelemetry({ serverUrl, serviceName: "rows", enabled: true, captureSession: false, rate }); },
        rest: () => telemetry.flush(),
        now,
        limitMs,
      }).then((survivals) => ({ survivals, problems: telemetry.status.problems }));
    };
    const survivals = ${engine};
    ${then}`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    format,
    target: "es2020",
    external: [client],
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

/** The law is a millisecond; half of one more is for a machine that is busy. */
const limitMs = 1.5;
const ownClock = "() => performance.now()";

export async function runInNode(): Promise<Run> {
  await using collector = await startCollector();
  const folder = mkdtempSync(join(tmpdir(), "devmux-rows-"));
  try {
    const file = join(folder, "app.mjs");
    const client = new URL("../../dist/index.js", import.meta.url).href;
    const engine = `run(${JSON.stringify(collector.url)}, ${limitMs}, ${ownClock})`;
    const then = "survivals.then((all) => process.stdout.write(JSON.stringify(all)));";
    writeFileSync(file, await program(client, "esm", engine, then));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file]);
    return read(JSON.parse(stdout), collector.records, stderr.split("\n"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Files of a page, `/rows`, whose global `survive(url)` makes the calls of all rows. */
export async function pageOfRows(): Promise<{ readonly [path: string]: string }> {
  const engine = `(url) => run(url, ${limitMs}, ${ownClock})`;
  return {
    "/rows":
      '<!doctype html><title>rows</title><link rel="icon" href="data:,"><script type="module" src="/rows.js"></script>',
    "/rows.js": await program("/devmux-telemetry.js", "esm", engine, "globalThis.survive = survivals;"),
  };
}

export async function runInChromium(): Promise<Run> {
  await using collector = await startCollector();
  const pages = await servePages(await pageOfRows());
  const browser = await launchChromium();
  try {
    const opened = await browser.newPage();
    const printed: string[] = [];
    opened.on("console", (message) => printed.push(message.text()));
    opened.on("pageerror", (error) => printed.push(String(error)));
    await opened.goto(`${pages.url}/rows`);
    await opened.waitForFunction("globalThis.survive");
    const result = await opened.evaluate(`survive(${JSON.stringify(collector.url)})`);
    return read(result as Result, collector.records, printed);
  } finally {
    await browser.close();
    await pages.close();
  }
}

/** Its interpreter is many times slower than what compiles, and its VM has a clock of whole milliseconds. */
const hermesLimitMs = 30;

export async function runOnHermes(): Promise<Run> {
  const then = `survivals.then((all) => print("survived " + JSON.stringify(all)), (error) => print("failed " + error.stack));
    passTime(1e9);`;
  const engine = `run("ws://192.168.1.20:9876", ${hermesLimitMs}, () => Date.now())`;
  using app = await buildApp(await program("@chriscode/devmux-telemetry", "cjs", engine, then), { dev: true });
  const lines = await app.run();
  const survived = lines.find((line) => line.startsWith("survived "));
  if (survived === undefined) throw new Error(lines.filter((line) => !line.startsWith("sent ")).join("\n"));
  const frames = lines.filter((line) => line.startsWith("sent ")).map((line) => JSON.parse(line.slice(5)));
  const records = frames.filter(({ type }) => type === "export").flatMap(({ payload }) => readRequest(payload.request));
  const printed = lines.filter((line) => line.startsWith("console "));
  return read(JSON.parse(survived.slice(9)), records, printed);
}

/** What `survive` gives. */
export interface Result {
  readonly survivals: readonly Survival[];
  readonly problems: readonly string[];
}

function read({ survivals, problems }: Result, records: readonly ReceivedRecord[], printed: readonly string[]): Run {
  return { survivals, records, printed: [...problems, ...printed.filter((line) => line !== "")] };
}

async function startCollector() {
  const collector = await createCollectorDouble();
  return Object.assign(collector, { [Symbol.asyncDispose]: () => collector.close() });
}
