// What the tests stand on: a real collector, a real Vite server, a real Chromium.

import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { devmuxReceiverFactory, otlpReceiverFactory } from "@chriscode/devmux-telemetry-server";
import { recordingExporter, sinkFactory, startTestCollector } from "@chriscode/devmux-telemetry-server/testing";
import { type Browser, chromium } from "playwright-core";
import { createServer, type InlineConfig, type ViteDevServer } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface LogRecord {
  readonly body: unknown;
  readonly attributes: { readonly [key: string]: unknown };
  /** `file:line:column`, as the record says it. */
  readonly place: string;
}

export interface Collector extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly authority: string;
  records(): readonly LogRecord[];
  streams(): readonly string[];
  /** The record with this body, once it is there. */
  record(body: string): Promise<LogRecord>;
}

/** A collector that keeps what arrives. */
export async function startCollector({ port = 0 } = {}): Promise<Collector> {
  const sink = recordingExporter();
  const test = await startTestCollector(
    {
      receivers: { devmux: {}, otlp: { protocols: { http: { endpoint: "127.0.0.1:0" } } } },
      exporters: { sink: {} },
      service: { pipelines: { logs: { receivers: ["devmux", "otlp"], exporters: ["sink"] } } },
    },
    [devmuxReceiverFactory, otlpReceiverFactory, sinkFactory(sink)],
    { address: { host: "127.0.0.1", port } },
  );
  const records = (): LogRecord[] =>
    sink.batches.flatMap((batch) =>
      batch.signal !== "logs"
        ? []
        : [...batch.records()].map((record) => {
            const attributes = Object.fromEntries(Object.entries(record.attributes()));
            const { "code.file.path": file, "code.line.number": line, "code.column.number": column } = attributes;
            return {
              body: record.body,
              attributes,
              place: `${file}:${line}:${column}`,
            };
          }),
    );
  return {
    authority: test.authority,
    records,
    streams: () => test.collector.status().streams.map(({ name }) => name),
    async record(body) {
      for (let count = 1; ; count++) {
        await sink.received(count);
        const found = records().find((record) => record.body === body);
        if (found !== undefined) return found;
      }
    },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

export interface DevServer extends AsyncDisposable {
  readonly vite: ViteDevServer;
  readonly port: number;
}

/** Serves `examples/vite`, or another folder, with a cache of its own. */
export async function startVite(config: InlineConfig): Promise<DevServer> {
  const { cacheDir, remove } = await newCache();
  const vite = await createServer({
    root,
    cacheDir,
    configFile: false,
    logLevel: "error",
    ...config,
    server: { port: 0, host: "127.0.0.1", ...config.server },
  });
  await vite.listen();
  const address = vite.httpServer?.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    vite,
    port: address.port,
    async [Symbol.asyncDispose]() {
      await vite.close();
      await remove();
    },
  };
}

/** A folder for what a server prepares; two servers replace each other's in one. */
export async function newCache(): Promise<{ cacheDir: string; remove: () => Promise<void> }> {
  const cacheDir = await mkdtemp(join(root, "node_modules", ".vite-test-"));
  return { cacheDir, remove: () => rm(cacheDir, { recursive: true, force: true }) };
}

/** Without the background flags a start waits for look-ups of hosts that a closed network does not have. */
const quiet =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

export function launchChromium(...more: string[]): Promise<Browser> {
  const executablePath = process.env.DEVMUX_CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: [...quiet.split(" "), ...more] });
}
