// `pnpm start`: builds, starts the collector with its records shown here, serves the example page, stops all on Ctrl-C.

import { fork } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isStale } from "./lib/stale.mjs";
import { cliEntry, root, runNode, say, usePinnedNode } from "./lib/workspace.mjs";

const usage = `Starts the collector and the example page.

  npx -y pnpm@12 start [--port 9876] [--host 127.0.0.1] [--web-port 5173]

  --port       the collector's port; 0 takes any free one
  --host       the collector's address; 0.0.0.0 lets phones on the network send
  --web-port   the page's port; also PORT in the environment`;

await usePinnedNode();
const options = readOptions();
const built = isStale() ? await runNode([join(root, "scripts", "build.mjs")]) : 0;
if (built !== 0) process.exit(built);

/** Children that are alive, in the order of their start. */
const children = new Set();
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);

const collector = start(cliEntry, ["telemetry", "start", "--foreground", "--records", ...options.collector]);
const answer = await firstMessage(collector);
// What went wrong the collector has said itself, and how to choose another port.
if (answer?.type === "ready" || answer?.type === "already") await servePage(answer);

async function servePage({ url, type }) {
  const { port, fixed } = options.web;
  const env = { ...process.env, VITE_DEVMUX_URL: url, WEB_PORT: String(port), WEB_PORT_FIXED: fixed ? "1" : "0" };
  const web = start(join(root, "scripts", "lib", "web-server.mjs"), [], { env });
  const page = await firstMessage(web);
  if (stopping) return;
  if (page?.url === undefined) {
    await sayNotServed(port, page?.error ?? "its server ended");
    process.exitCode = 1;
    stop();
    return;
  }
  const pagePort = Number(new URL(page.url).port);
  if (port !== 0 && pagePort !== port)
    say(
      `port ${port} is taken by ${(await holderOf(port)) ?? "another program"}; the page is on ${pagePort} (choose one: --web-port N)`,
    );
  say(`page       ${page.url}   click its buttons`);
  say(
    `collector  ${url}${type === "already" ? "   (it ran before and goes on after this; its records are in tmux)" : ""}`,
  );
  say(`attach     pnpm devmux attach browser:localhost-${pagePort}`);
  say("queue      pnpm devmux watch queue --follow");
  say("Ctrl-C stops everything.");
}

function start(entry, args, extra = {}) {
  const child = fork(entry, args, { cwd: root, stdio: ["ignore", "inherit", "inherit", "ipc"], ...extra });
  children.add(child);
  child.once("exit", (code) => {
    children.delete(child);
    // One that ends by itself ends the other too: a page without a collector shows nothing. A collector that was there
    // before leaves this one with the page only.
    const endedWell = child === collector && child.answer?.type === "already";
    if (!stopping && !endedWell) process.exitCode = code === 0 ? 0 : (code ?? 1);
    if (!endedWell) stop();
  });
  return child;
}

/** The first message, or undefined where the child ends without one. */
function firstMessage(child) {
  return new Promise((resolve) => {
    child.once("message", (message) => {
      child.answer = message;
      resolve(message);
    });
    child.once("exit", () => setImmediate(resolve, undefined));
  });
}

/**
 * A Ctrl-C in a terminal reaches the collector by itself, a signal to this process alone does not: the message says it in
 * both cases, and unlike a second signal it does not cut short what the first has begun.
 */
function stop() {
  stopping = true;
  for (const child of children) {
    if (!child.connected) continue;
    if (child === collector) child.send({ type: "stop" });
    else child.disconnect();
  }
}

async function sayNotServed(port, reason) {
  const holder = await holderOf(port);
  say(`the page could not be served on port ${port}: ${holder === undefined ? reason : `it is in use by ${holder}`}`);
  say(`choose another: PORT=${port + 1} npx -y pnpm@12 start   or   npx -y pnpm@12 start --web-port ${port + 1}`);
}

async function holderOf(port) {
  const { describePortHolder, findPortHolder } = await import("../collector/cli/dist/daemon/port-holder.js");
  const holder = findPortHolder(port);
  return holder === undefined ? undefined : describePortHolder(holder);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string" },
        host: { type: "string" },
        "web-port": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const wanted = values["web-port"] ?? process.env.PORT;
    const port = Number(wanted ?? 5173);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error(`the page's port: expected 0 to 65535, got "${wanted}"`);
    const collector = ["port", "host"].flatMap((name) =>
      values[name] === undefined ? [] : [`--${name}`, values[name]],
    );
    return { collector, web: { port, fixed: wanted !== undefined } };
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}
