// What the crash tests share between their two processes.

import { join } from "node:path";
import { type Logs, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { testSettings } from "@chriscode/devmux-telemetry-server/testing";
import { factory as queue } from "../src/queue/index.ts";
import { placeOf } from "../src/spool/place.ts";
import { tmuxConfig } from "../src/tmux/config.ts";
import { createTmuxExporter } from "../src/tmux/tmux.ts";

const stream = "browser:localhost-3000";
const never = new AbortController().signal;

export const spoolPathIn = (directory: string): string => placeOf(stream, { stateDir: directory }).spoolPath;
export const queuePathIn = (directory: string): string => join(directory, "queue.jsonl");

/** Records `<batch>-<n>`; one of three has several lines. All have ids, as a client's have. */
export function crashBatch(number: number, records: number, bodyBytes: number): Logs {
  const builder = new LogsBuilder({ "service.name": "app", "devmux.stream.name": stream });
  for (let index = 0; index < records; index++) {
    const name = `${number}-${index}`;
    const more = index % 3 === 0 ? "\nsecond line\nthird line" : "";
    builder.add({
      timeMs: 1_763_000_000_000 + number,
      severityNumber: 9,
      body: `<${name}>${"x".repeat(bodyBytes)}${more}</${name}>`,
      attributes: { "log.record.uid": `client-${name}` },
    });
  }
  return builder.build();
}

export interface OpenExporters {
  /** Resolves when both have taken the batch. */
  send(batch: Logs): Promise<void>;
  shutdown(): Promise<void>;
}

export async function openExporters(directory: string): Promise<OpenExporters> {
  const host = { stateDir: directory, streams: { onChange: () => () => {} } } as never;
  const view = createTmuxExporter(testSettings(), tmuxConfig.parse({ color: "never" }), { PATH: "/nowhere" });
  const lines = queue.create(
    testSettings(),
    queue.config.parse({ path: queuePathIn(directory), max_file_size: "100GiB" }),
  );
  await view.start?.(host);
  await lines.start?.(host);
  return {
    async send(batch) {
      for (const exporter of [view, lines]) {
        const verdict = await exporter.export(batch, never);
        if (verdict.kind !== "accepted" || verdict.refused) throw new Error(JSON.stringify(verdict));
      }
    },
    async shutdown() {
      await view.shutdown?.(never);
      await lines.shutdown?.(never);
    },
  };
}
