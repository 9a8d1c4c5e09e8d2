// Statement T5: one client sends so many lines a second to the built collector, with tmux as it should be, stopped, or missing.

import { fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { locate } from "@chriscode/devmux-telemetry-exporters/tmux";
import { createWorld, type World } from "../world.ts";

export type TmuxState = "running" | "stopped" | "missing";

export interface RateOptions {
  readonly linesPerSecond: number;
  readonly seconds: number;
  readonly tmux: TmuxState;
  readonly kind: "log" | "export";
  readonly maxSpoolSize?: string;
  /** The queue exporter too, as by default. */
  readonly withQueue?: boolean;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface RateOutcome {
  /** Milliseconds by which a timer of the collector was late after the first second, and the part of it for which the collector itself worked. */
  readonly wall: Percentiles;
  readonly cpu: Percentiles;
  readonly samples: number;
  readonly sent: number;
  /** How long the client took, until all was in the spool. */
  readonly tookMs: number;
  /** The numbers of the records that are in the spool, in order. */
  readonly spooled: readonly number[];
  /** Lines that the view shows, and those that it says it left out. */
  readonly shown: number;
  readonly skipped: number;
  /** The lines in which it says so. */
  readonly notices: readonly string[];
}

const client = fileURLToPath(new URL("../../../bench/client.mjs", import.meta.url));
const probe = pathToFileURL(fileURLToPath(new URL("./loop-probe.mjs", import.meta.url))).href;
const stream = "browser:localhost-3000";

export async function runAtRate(options: RateOptions): Promise<RateOutcome> {
  const { linesPerSecond, seconds, tmux, kind, maxSpoolSize = "1GiB", withQueue = true } = options;
  const view = { max_spool_size: maxSpoolSize, max_view_size: "256MiB", color: "never" };
  const alone = {
    receivers: { devmux: {} },
    exporters: { tmux: view },
    service: { pipelines: { logs: { receivers: ["devmux"], exporters: ["tmux"] } } },
  };
  await using world = await createWorld({
    exporters: { tmux: view },
    env: { NODE_OPTIONS: `--import ${probe}` },
    ...(!withQueue && { telemetry: { collector: alone } }),
  });
  const result = join(world.dir, "loop.json");
  world.env.DEVMUX_LOOP_PROBE = result;
  if (tmux === "missing") world.env.PATH = "/nowhere";
  await world.start();
  const { pid } = await world.status();
  const server = tmux === "stopped" ? await stopTmux(world) : undefined;
  try {
    const sent = linesPerSecond * seconds;
    const { spoolPath, viewPath } = locate(stream, { stateDir: world.stateDir });
    const last = `record ${sent - 1}:`;
    const startedAt = performance.now();
    const sender = fork(client, [`127.0.0.1:${world.port}`, kind, String(sent), String(linesPerSecond)], {
      env: process.env,
    });
    // A second of it warms the program up: compiling it is no matter of the rate.
    await world.until("the first lines", () => lastNumber(spoolPath) >= linesPerSecond - 1 || undefined, 600_000);
    process.kill(pid, "SIGUSR2");
    await world.until("the last line in the spool", () => endOf(spoolPath).includes(last) || undefined, 600_000);
    const tookMs = performance.now() - startedAt;
    process.kill(pid, "SIGUSR2");
    const figures = await world.until("the figures", () => readJson(result));
    sender.send("stop");
    await once(sender, "exit");
    await world.devmux("telemetry", "stop");
    const shownText = readFileSync(viewPath, "utf8");
    return {
      ...figures,
      sent,
      tookMs,
      spooled: numbersIn(spoolPath),
      shown: shownText.match(/ record \d+:/g)?.length ?? 0,
      skipped: [...shownText.matchAll(/ ([\d,]+) lines? skipped here/g)].reduce(
        (sum, [, lines = ""]) => sum + Number(lines.replaceAll(",", "")),
        0,
      ),
      notices: shownText.split("\n").filter((line) => line.includes("skipped here")),
    };
  } finally {
    if (server !== undefined) process.kill(server, "SIGCONT");
  }
}

async function stopTmux(world: World): Promise<number> {
  await world.tmux("new-session", "-d", "-s", "mine", "--", "sleep", "600");
  const server = Number(await world.tmux("display-message", "-p", "#{pid}"));
  process.kill(server, "SIGSTOP");
  return server;
}

/** In pieces: a minute of it is longer than a string may be. */
function numbersIn(path: string): number[] {
  const numbers: number[] = [];
  for (const each of [`${path}.1`, path]) {
    if (!existsSync(each)) continue;
    const file = openSync(each, "r");
    const buffer = Buffer.alloc(16 * 1024 * 1024);
    let rest = "";
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) {
      const text = rest + buffer.toString("latin1", 0, count);
      const end = text.lastIndexOf("\n") + 1;
      for (const [, number] of text.slice(0, end).matchAll(/"body":"record (\d+):/g)) numbers.push(Number(number));
      rest = text.slice(end);
    }
    closeSync(file);
  }
  return numbers;
}

function endOf(path: string): string {
  try {
    const fd = openSync(path, "r");
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(size, 4_096));
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    closeSync(fd);
    return buffer.toString("latin1");
  } catch {
    return "";
  }
}

function lastNumber(path: string): number {
  return Number([...endOf(path).matchAll(/"body":"record (\d+):/g)].at(-1)?.[1] ?? -1);
}

function readJson(path: string): Pick<RateOutcome, "wall" | "cpu" | "samples"> | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Pick<RateOutcome, "wall" | "cpu" | "samples">;
  } catch {
    return undefined;
  }
}
