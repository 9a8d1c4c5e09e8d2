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
    ...flowLines(components, now),
    ...dropLines(components, paint),
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

/** What comes in and what goes out: rates, totals, how full the queues are, what an exporter complained of last. */
function flowLines(components: readonly ComponentStatus[], now: number): string[] {
  const receivers = components.filter(({ kind }) => kind === "receiver").map(receiverLine);
  const exporters = components.filter(({ kind }) => kind === "exporter").map((each) => exporterLine(each, now));
  return [
    ...(receivers.length === 0 ? [] : ["In:", ...receivers]),
    ...(exporters.length === 0 ? [] : ["Out:", ...exporters]),
  ].map(visible);
}

function receiverLine({ id, signals, perSecond }: ComponentStatus): string {
  const refused = total(signals, "refused");
  return `  ${id}: ${rate(perSecond)}, ${number(total(signals, "accepted"))} taken${refused === 0 ? "" : `, ${number(refused)} turned back`}`;
}

function exporterLine({ id, signals, perSecond, queue, lastError }: ComponentStatus, now: number): string {
  const waiting =
    queue === undefined || queue.items === 0
      ? ""
      : `, ${number(queue.items)} waiting (${percent(queue.bytes, queue.capacityBytes)} of its queue)`;
  const complaint =
    lastError === undefined ? "" : `; ${shortDuration(now - Date.parse(lastError.at))} ago: ${lastError.message}`;
  return `  ${id}: ${rate(perSecond)}, ${number(total(signals, "sent"))} delivered${waiting}${complaint}`;
}

function total(signals: ComponentStatus["signals"], field: "accepted" | "refused" | "sent"): number {
  return Object.values(signals).reduce((sum, each) => sum + each[field], 0);
}

function rate(perSecond: number): string {
  return `${number(perSecond < 10 ? perSecond : Math.round(perSecond))}/s`;
}

/** What is there at all is never shown as nothing. */
function percent(part: number, whole: number): string {
  const value = (part / whole) * 100;
  return value > 0 && value < 1 ? "<1 %" : `${Math.round(value)} %`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

/** Everything that was dropped, by reason: what a rule of the user's left out, then what is lost. */
function dropLines(components: readonly ComponentStatus[], paint: Paint): string[] {
  const dropped = (wanted: boolean) =>
    components.flatMap(({ kind, id, drops }) =>
      Object.entries(drops)
        .filter(([, { intended }]) => intended === wanted)
        .map(([reason, { count }]) => `  ${visible(`${kind} ${id}`)}: ${number(count)} dropped (${visible(reason)})`),
    );
  const [leftOut, lost] = [dropped(true), dropped(false)];
  return [
    ...(leftOut.length === 0 ? [] : ["Left out, as configured:", ...leftOut]),
    ...(lost.length === 0 ? [] : [paint("red", "Records lost:"), ...lost]),
  ];
}
