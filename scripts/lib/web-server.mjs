// The example page, served by Vite in a process of its own that ends with the one that forked it.
// Environment: WEB_PORT (tried first), WEB_PORT_FIXED (no other will do), VITE_DEVMUX_URL. Tells its parent {url} or {error}.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./workspace.mjs";

const directory = join(root, "examples", "web");
const { createServer } = await import(
  pathToFileURL(join(directory, "node_modules", "vite", "dist", "node", "index.js")).href
);

const server = await createServer({
  root: directory,
  logLevel: "warn",
  clearScreen: false,
  server: { port: Number(process.env.WEB_PORT), strictPort: process.env.WEB_PORT_FIXED === "1" },
});
process.on("disconnect", () => server.close().finally(() => process.exit(0)));
// A Ctrl-C in the terminal reaches this process too; the one that forked it decides when to end.
process.on("SIGINT", () => undefined);

try {
  await server.listen();
  process.send({ url: server.resolvedUrls.local[0] });
} catch (error) {
  // The parent says what to do, and leaves; this process with it.
  process.send({ error: error.message });
}
