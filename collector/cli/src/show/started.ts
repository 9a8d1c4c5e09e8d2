// What `start` says: where the collector is, what does not work, who can reach it, what to do next.

import { isWildcard } from "@chriscode/devmux-telemetry-server/addresses";
import type { Settings } from "../config/settings.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { painter, printLine, type Shell } from "../shell.ts";
import { networkUrls } from "./addresses.ts";
import { visible } from "./visible.ts";

export interface Started {
  readonly url: string;
  readonly pid: number;
  /** Components that do not work. */
  readonly notices: readonly string[];
  readonly logFile?: string;
}

export function sayStarted({ url, pid, notices, logFile }: Started, settings: Settings, shell: Shell): void {
  const paint = painter(shell.stdout, shell.env);
  printLine(shell.stdout, `Telemetry Server: ${paint("green", "Running")} (${url}), pid ${pid}`);
  if (logFile !== undefined) printLine(shell.stdout, paint("dim", `  log: ${logFile}`));
  printLine(shell.stdout, paint("dim", `  in an app: initTelemetry({ serverUrl: "${url}", serviceName: "my-app" })`));
  for (const line of [...notices.map(visible), ...networkNotice(settings, portOf(url))]) warn(line, shell);
}

export function sayAlready(url: string, pid: number, settings: Settings, shell: Shell): ExitCode {
  printLine(shell.stdout, `Telemetry Server: already running (${url}), pid ${pid}`);
  if (settings.port !== 0 && portOf(url) !== settings.port) {
    warn(`it does not listen on port ${settings.port}; to change that: devmux telemetry stop, then start again`, shell);
  }
  return exitCodes.ok;
}

/** For a collector that the network can reach; empty for one that only this machine can. */
export function networkNotice({ host, token }: Pick<Settings, "host" | "token">, port: number): string[] {
  if (!isWildcard(host)) return [];
  const urls = networkUrls(port);
  return [
    `with host ${host} every device on the network can send records to this collector (none can read them)`,
    urls.length === 0
      ? "no network interface is up; only this machine can reach it now"
      : `a phone connects to ${urls.join(" or ")}`,
    token === undefined
      ? 'to take records only from devices that know a token, set "telemetry": { "token": "…" } in devmux.config.json and `token` in the app'
      : "devices on the network have to send telemetry.token",
  ];
}

function warn(text: string, shell: Shell): void {
  printLine(shell.stderr, `${painter(shell.stderr, shell.env)("yellow", "warning:")} ${text}`);
}

function portOf(url: string): number {
  // URL leaves out a port that is the scheme's own: ws has 80.
  return Number(new URL(url).port || 80);
}
