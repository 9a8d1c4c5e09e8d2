// The system's Chromium, and pages for it, for tests.

import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";

const executables = [
  process.env.DEVMUX_CHROMIUM ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** `without`: arguments of Playwright's own that are left out. */
export function launchChromium(args: readonly string[] = [], without: readonly string[] = []): Promise<Browser> {
  const executablePath = executables.find((path) => path !== "" && existsSync(path));
  if (executablePath === undefined)
    throw new Error("expected Chromium at /usr/bin/chromium; install it, or set DEVMUX_CHROMIUM to its path");
  const quiet =
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
  return chromium.launch({
    executablePath,
    headless: true,
    args: [...quiet.split(" "), ...args],
    ignoreDefaultArgs: [...without],
  });
}

export interface PageServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

const bundle = fileURLToPath(new URL("../../dist/bundle/devmux-telemetry.js", import.meta.url));

/**
 * Serves `files` (paths and texts) beside the built bundle, which is `/devmux-telemetry.js`. A file is given when
 * `isGiven` says so; where that is false, its request fails.
 */
export async function servePages(
  files: { readonly [path: string]: string },
  isGiven: (path: string) => Promise<boolean> = async () => true,
): Promise<PageServer> {
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "/").replace(/\?.*$/, "");
    if (!(await isGiven(path))) return response.destroy();
    const text = path === "/devmux-telemetry.js" ? readFileSync(bundle, "utf8") : files[path];
    const type = path.endsWith(".js") ? "text/javascript" : "text/html";
    response.writeHead(text === undefined ? 404 : 200, { "content-type": `${type}; charset=utf-8` }).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
