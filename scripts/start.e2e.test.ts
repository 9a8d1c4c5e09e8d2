// `pnpm start` as a newcomer runs it: one command, a page, a collector, and nothing left after Ctrl-C.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = fileURLToPath(new URL("start.mjs", import.meta.url));
let home: string;
let socket: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "devmux-start-"));
  socket = `devmux-start-${randomBytes(6).toString("hex")}`;
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  // Sessions outlive the collector, on purpose; here nobody looks at them.
  spawnSync("tmux", ["-L", socket, "kill-server"], { stdio: "ignore" });
  rmSync(home, { recursive: true, force: true });
});

interface Started {
  readonly process: ChildProcess;
  /** All that was printed up to the moment when it matches. */
  until(pattern: RegExp): Promise<string>;
  readonly closed: Promise<unknown[]>;
}

function start(options: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const { TMUX: _tmux, ...inherited } = process.env;
  const own = {
    HOME: home,
    DEVMUX_HOME: join(home, "state"),
    DEVMUX_TMUX_SOCKET: socket,
  };
  const started = spawn(process.execPath, [script, ...options], {
    env: { ...inherited, ...own, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  let text = "";
  let changed = () => {};
  for (const stream of [started.stdout, started.stderr]) {
    stream.on("data", (chunk) => {
      text += chunk;
      changed();
    });
  }
  const closed = once(started, "close");
  let over = false;
  void closed.then(() => {
    over = true;
    changed();
  });
  return {
    process: started,
    closed,
    async until(pattern) {
      while (!pattern.test(text)) {
        if (over) throw new Error(`ended before ${pattern}:\n${text}`);
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
      return text;
    },
  };
}

const anyPort = ["--port", "0", "--web-port", "0"];

test("serves the page, says where everything is, shows records, and ends with Ctrl-C", async () => {
  const started = start(anyPort);
  const said = await started.until(/Ctrl-C stops everything/);
  const page = /page {7}(http:\/\/localhost:(\d+)\/)/.exec(said)!;
  const collector = /collector {2}ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)!;
  expect(said).toContain(`pnpm devmux attach browser:localhost-${page[2]}`);
  expect(await (await fetch(page[1]!)).text()).toContain('id="burst"');
  expect(await (await fetch(`${page[1]}src/server-url.ts`)).text()).toContain(
    `"VITE_DEVMUX_URL": "ws://127.0.0.1:${collector[1]}"`,
  );

  const log = { severityNumber: 13, severityText: "WARN", body: { stringValue: "shown in the terminal" } };
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [log] }] }] };
  const taken = await fetch(`http://127.0.0.1:${collector[1]}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  expect(taken.status).toBe(200);
  await started.until(/WARN.*shown in the terminal/);

  started.process.kill("SIGINT");
  expect(await started.closed).toEqual([0, null]);
  expect(await started.until(/Stopped\./)).toMatch(/\n {2}1 taken\n/);
  expect(existsSync(join(home, "state", "collector.json"))).toBe(false);
  await expect(fetch(page[1]!)).rejects.toThrow();
});

test("the collector's port is taken: it says by whom and how to choose another, and serves nothing", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const started = start(["--port", String(port), "--web-port", "0"]);
  expect(await started.closed).toEqual([6, null]);
  server.close();
  const said = await started.until(/port/);
  expect(said).toContain(`port ${port} on 127.0.0.1 is in use by pid ${process.pid} (`);
  expect(said).toContain("--port");
  expect(said).not.toContain("http://localhost");
});

test("the page's port is taken: it says by whom and how to choose another, and stops the collector", async () => {
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const started = start(["--port", "0"], { PORT: String(port) });
  const [code] = await started.closed;
  server.close();
  expect(code).toBe(1);
  const said = await started.until(/choose another/);
  expect(said).toContain(`port ${port}: it is in use by pid ${process.pid} (`);
  expect(said).toContain(`PORT=${port + 1} npx -y pnpm@12 start`);
  expect(existsSync(join(home, "state", "collector.json"))).toBe(false);
});

test("without tmux it says how to install it and goes on", async () => {
  const started = start(anyPort, { PATH: pathWithout("tmux") });
  const said = await started.until(/Ctrl-C stops everything/);
  expect(said).toMatch(/warning: exporter tmux: tmux is not installed.*install tmux/);
  started.process.kill("SIGTERM");
  expect(await started.closed).toEqual([0, null]);
});

test("a collector that runs already is used and goes on", async () => {
  const first = start(anyPort);
  const url = /ws:\/\/127\.0\.0\.1:\d+/.exec(await first.until(/Ctrl-C stops everything/))![0];
  const second = start(["--web-port", "0"]);
  const said = await second.until(/Ctrl-C stops everything/);
  expect(said).toContain(`${url}   (it ran before`);
  second.process.kill("SIGINT");
  expect(await second.closed).toEqual([0, null]);
  expect((await fetch(url.replace("ws", "http"))).status).toBe(200);
  first.process.kill("SIGINT");
  expect(await first.closed).toEqual([0, null]);
  expect(await first.until(/Stopped/)).toContain("Stopped.");
});

/** A PATH of one directory with links to the programs that are needed, and none to that one. */
function pathWithout(missing: string): string {
  const directory = join(home, "bin");
  mkdirSync(directory);
  for (const name of ["sh", "env", "tail", "ps"].filter((each) => each !== missing)) {
    const found = (process.env.PATH ?? "").split(delimiter).find((each) => existsSync(join(each, name)));
    if (found !== undefined) symlinkSync(join(found, name), join(directory, name));
  }
  return directory;
}
