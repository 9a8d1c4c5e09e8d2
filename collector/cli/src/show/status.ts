// `devmux telemetry status` for people.

import type { ComponentStatus, StatusReport, StreamStatus } from "@chriscode/devmux-telemetry-server";
import type { Paint } from "../shell.ts";
import { shortDuration } from "./duration.ts";
import { visible } from "./visible.ts";

export interface StatusView {
  readonly report: StatusReport;
  readonly paint: Paint;
  /** Unix milliseconds. */
  readonly now: number;
}

export function statusLines({ report, paint, now }: StatusView): string[] {
  const { url, pid, uptimeMs, version, streams, components } = report;
  const troubled = components.filter(({ state }) => state !== "ok");
  return [
    `Telemetry Server: ${paint("green", "Running")} (${url})`,
    paint("dim", `  pid ${pid}, up ${shortDuration(uptimeMs)}, version ${version}`),
    ...(streams.length === 0
      ? ["No streams yet."]
      : ["Active Streams:", ...streams.map((stream) => streamLine(stream, paint, now))]),
    ...(troubled.length === 0
      ? []
      : [paint("yellow", "Needs attention:"), ...troubled.map((component) => `  ${componentLine(component)}`)]),
    ...lossLines(components, paint),
  ];
}

function streamLine(
  { name, records, errors, connected, connectedAt, lastRecordAt }: StreamStatus,
  paint: Paint,
  now: number,
): string {
  const ago = (at: string) => `${shortDuration(now - Date.parse(at))} ago`;
  const events = `${records} ${records === 1 ? "event" : "events"}`;
  const failures = errors === 0 ? "" : `, ${paint("red", `${errors} ${errors === 1 ? "error" : "errors"}`)}`;
  const link = connected
    ? `connected ${ago(connectedAt)}`
    : lastRecordAt === null
      ? "disconnected"
      : `disconnected, last event ${ago(lastRecordAt)}`;
  return `  ${paint("cyan", visible(name))} (${events}${failures}, ${link})`;
}

function componentLine({ kind, id, message, state }: ComponentStatus): string {
  return visible(`${kind} ${id}: ${message ?? state}`);
}

function lossLines(components: readonly ComponentStatus[], paint: Paint): string[] {
  const lost = components.flatMap(({ kind, id, drops }) =>
    Object.entries(drops)
      .filter(([, { intended }]) => !intended)
      .map(([reason, { count }]) => `  ${kind} ${id}: ${count} dropped (${visible(reason)})`),
  );
  return lost.length === 0 ? [] : [paint("red", "Records lost:"), ...lost];
}
