// The example page in a real Chromium, served by Vite as a developer would.

import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";

const root = fileURLToPath(new URL("../../../examples/web", import.meta.url));

/** Without the background flags a start waits for look-ups of hosts that a closed network does not have. */
const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface ExamplePage extends AsyncDisposable {
  readonly page: Page;
  readonly port: number;
  /** `browser:localhost-<port>` */
  readonly stream: string;
  click(id: string): Promise<void>;
  open(): Promise<Page>;
}

export async function openExamplePage(serverUrl: string): Promise<ExamplePage> {
  // Two servers that prepare dependencies in one directory replace each other's, and the page gets none.
  const cacheDir = await mkdtemp(join(root, "node_modules", ".vite-e2e-"));
  const vite: ViteDevServer = await createServer({
    root,
    cacheDir,
    logLevel: "error",
    // Nothing changes under a test; a reload would throw away what it is about.
    server: { port: 0, host: "localhost", hmr: false, watch: null },
    configFile: false,
  });
  await vite.listen();
  const address = vite.httpServer?.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  const browser: Browser = await chromium.launch({
    executablePath: process.env.DEVMUX_CHROMIUM ?? "/usr/bin/chromium",
    args: chromiumArguments,
  });
  const open = async () => {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${address.port}/?devmux=${encodeURIComponent(serverUrl)}`);
    return page;
  };
  const page = await open();
  return {
    page,
    port: address.port,
    stream: `browser:localhost-${address.port}`,
    click: (id) => page.click(`#${id}`),
    open,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await vite.close();
      await rm(cacheDir, { recursive: true, force: true });
    },
  };
}
