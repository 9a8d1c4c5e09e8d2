// A user's machine in a temporary directory: HOME, a private tmux server, a configuration, the built `devmux`.

import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, watch } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { locate } from "@chriscode/devmux-telemetry-exporters/tmux";
import type { StatusReport } from "@chriscode/devmux-telemetry-server";
import { freePort } from "./ports.ts";

const run = promisify(execFile);
const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

export interface WorldOptions {
  /** Exporters of the collector's configuration; tmux and queue unless given. */
  readonly exporters?: Readonly<Record<string, unknown>>;
  readonly receivers?: Readonly<Record<string, unknown>>;
  readonly telemetry?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface World extends AsyncDisposable {
  readonly dir: string;
  readonly stateDir: string;
  readonly queueFile: string;
  readonly port: number;
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
  devmux(...args: string[]): Promise<Ran>;
  /** `devmux telemetry start`; throws where it fails. */
  start(): Promise<void>;
  status(): Promise<StatusReport>;
  /** SIGKILL for the collector that the state file names. */
  kill(): Promise<void>;
  tmux(...args: string[]): Promise<string>;
  /** Everything that the pane of a stream has shown, without colours. */
  pane(stream: string): Promise<string>;
  spool(stream: string): string;
  /** The events of queue.jsonl. */
  queue(): QueueEvent[];
  /** Waits until `probe` gives something, asked again whenever a file of this world changes, at most `timeoutMs`. */
  until<T>(what: string, probe: () => T | undefined | Promise<T | undefined>, timeoutMs?: number): Promise<T>;
}

export interface QueueEvent {
  readonly id: string;
  readonly source: string;
  readonly service: string;
  readonly severity: string;
  readonly pattern: string;
  readonly rawContent: string;
  readonly stackTrace?: string[];
  readonly status: string;
  readonly contentHash: string;
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), "devmux-e2e-"));
  const socket = `devmux-e2e-${randomBytes(6).toString("hex")}`;
  // Deep enough that two levels up is still this world.
  const stateDir = join(dir, "home", "state");
  const queueFile = join(dir, "triggers", "queue.jsonl");
  const port = await freePort();
  const { TMUX: _tmux, TMUX_PANE: _pane, ...inherited } = process.env;
  const env = {
    ...inherited,
    HOME: dir,
    DEVMUX_HOME: stateDir,
    DEVMUX_TMUX_SOCKET: socket,
    NO_COLOR: "1",
    ...options.env,
  };
  const exporters = { tmux: {}, queue: { path: queueFile }, ...options.exporters };
  const receivers = options.receivers ?? { devmux: {}, otlp: { protocols: {} } };
  const telemetry = {
    port,
    collector: {
      receivers,
      exporters,
      service: { pipelines: { logs: { receivers: Object.keys(receivers), exporters: Object.keys(exporters) } } },
    },
    ...options.telemetry,
  };
  await mkdir(join(dir, "project"));
  await writeFile(
    join(dir, "project", "devmux.config.json"),
    JSON.stringify({ version: 1, project: "e2e", telemetry }),
  );

  async function devmux(...args: string[]): Promise<Ran> {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: join(dir, "project"),
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, "close");
    return { code: code as number, stdout, stderr };
  }

  async function status(): Promise<StatusReport> {
    const { stdout } = await devmux("telemetry", "status", "--json");
    return JSON.parse(stdout) as StatusReport;
  }

  async function tmux(...args: string[]): Promise<string> {
    const { stdout } = await run("tmux", ["-L", socket, ...args], { env });
    return stdout;
  }

  return {
    dir,
    stateDir,
    queueFile,
    port,
    url: `ws://127.0.0.1:${port}`,
    env,
    devmux,
    status,
    tmux,
    async start() {
      const { code, stdout, stderr } = await devmux("telemetry", "start");
      if (code !== 0) throw new Error(`start exited with ${code}: ${stdout}${stderr}`);
    },
    async kill() {
      const { pid } = await status();
      process.kill(pid, "SIGKILL");
      while (existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "")
        await new Promise(setImmediate);
    },
    async pane(stream) {
      const { sessionName } = locate(stream, { stateDir });
      return tmux("capture-pane", "-p", "-J", "-S", "-", "-t", `=${sessionName}:`).catch(() => "");
    },
    spool(stream) {
      const { spoolPath } = locate(stream, { stateDir });
      return existsSync(spoolPath) ? readFileSync(spoolPath, "utf8") : "";
    },
    queue() {
      if (!existsSync(queueFile)) return [];
      // What stands behind the last LF is being written.
      const lines = readFileSync(queueFile, "utf8").split("\n").slice(0, -1);
      return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as QueueEvent);
    },
    until: (what, probe, timeoutMs = 10_000) => waitFor(dir, what, probe, timeoutMs),
    async [Symbol.asyncDispose]() {
      await devmux("telemetry", "stop");
      await tmux("kill-server").catch(() => undefined);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Files are the events that these tests wait for; the pane is only asked, so it is asked again now and then. */
async function waitFor<T>(
  dir: string,
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  timeoutMs: number,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let changed = () => {};
  const watcher = watch(dir, { recursive: true }, () => changed());
  try {
    for (;;) {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
      if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
      await new Promise<void>((resolve) => {
        changed = resolve;
        setTimeout(resolve, 50);
      });
    }
  } finally {
    watcher.close();
  }
}
