// What a collector took and what became of it, from its status.

import type { StatusReport } from "@chriscode/devmux-telemetry-server";

export interface Totals {
  /** Records, spans and data points that receivers took. */
  readonly accepted: number;
  readonly exporters: readonly ExporterTotals[];
}

export interface ExporterTotals {
  readonly id: string;
  readonly sent: number;
  /** Undelivered, in storage, for the next start. */
  readonly kept: number;
  /** By reason, e.g. `queue_full`, `shutdown`; without what a rule of the user's left out. */
  readonly lost: Readonly<Record<string, number>>;
}

export function totalsOf({ components }: Pick<StatusReport, "components">): Totals {
  const receivers = components.filter(({ kind }) => kind === "receiver");
  const exporters = components.filter(({ kind }) => kind === "exporter");
  return {
    accepted: sum(receivers.flatMap(({ signals }) => Object.values(signals).map((each) => each.accepted))),
    exporters: exporters.map(({ id, signals, drops, queue }) => ({
      id,
      sent: sum(Object.values(signals).map((each) => each.sent)),
      kept: queue?.items ?? 0,
      lost: Object.fromEntries(
        Object.entries(drops)
          .filter(([, { intended }]) => !intended)
          .map(([reason, { count }]) => [reason, count]),
      ),
    })),
  };
}

/** `1,204 records taken; tmux: 1,204 delivered; otlp_http: 1,100 delivered, 104 dropped (shutdown)`, one line each. */
export function describeTotals({ accepted, exporters }: Totals): string[] {
  return [`${number(accepted)} taken`, ...exporters.map(describeExporter)];
}

function describeExporter({ id, sent, kept, lost }: ExporterTotals): string {
  const waits = kept === 0 ? "" : `, ${number(kept)} kept for the next start`;
  const dropped = Object.entries(lost).map(([reason, count]) => `, ${number(count)} dropped (${reason})`);
  return `${id}: ${number(sent)} delivered${waits}${dropped.join("")}`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
