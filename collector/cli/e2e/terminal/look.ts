// Sends texts through a collector that runs, and looks at what became of them: in the spool, in the pane, in tmux itself.

import { readFileSync } from "node:fs";
import { locate } from "@chriscode/devmux-telemetry-exporters/tmux";
import { connectRaw } from "../raw-client.ts";
import type { World } from "../world.ts";

/** What stays of a color. */
const sgr = /\x1b\[[0-9;:]{0,29}m/g;
const service = "hostile";
export const hostileStream = `node:${service}`;

export interface Looked {
  /** Of spool and view, without line feeds and colors: characters that a terminal could obey. */
  readonly obeyed: readonly string[];
  /** The same of the pane's screen and history. */
  readonly shownObeyed: readonly string[];
  /** The number in each line of the pane that looks like a record's first. */
  readonly heads: readonly number[];
  /** Lines of the pane that look like one of our own headers. */
  readonly headers: readonly string[];
  readonly buffers: string;
  readonly pane: string;
  readonly title: string;
}

const obeyed = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/gu;

/** Each text as the body of a record whose number stands before it, as its severity's name, and in an exception. */
export async function sendTexts(world: World, texts: readonly string[]): Promise<void> {
  const client = await connectRaw(world.url, "hostile");
  await client.hello({ "service.name": service }, { kind: "node" });
  for (const [index, text] of texts.entries()) {
    client.log(`#${index}# ${text}`, {
      severityText: text,
      exception: { type: text, message: text, stacktrace: `${text}\n    at ${text} (a.ts:1:1)` },
      attributes: { "code.file.path": `/${text}.ts` },
    });
  }
  client.log("the end");
  await client.close();
}

export async function lookAt(world: World): Promise<Looked> {
  const { sessionName, spoolPath, viewPath } = locate(hostileStream, world);
  const target = `=${sessionName}:`;
  await world.until(
    "the end in the pane",
    async () => (await world.pane(hostileStream)).includes("the end") || undefined,
    60_000,
  );
  const files = [`${spoolPath}.1`, spoolPath, viewPath].map(readOrNothing).join("");
  const screen = await world.tmux("capture-pane", "-pe", "-J", "-S", "-", "-t", target);
  const lines = screen.replace(sgr, "").split("\n");
  return {
    obeyed: files.replace(sgr, "").match(obeyed) ?? [],
    shownObeyed: screen.replace(sgr, "").match(obeyed) ?? [],
    heads: lines.flatMap((line) => /^\d\d:\d\d:\d\d\.\d{3} .*?#(\d+)#/.exec(line)?.[1] ?? []).map(Number),
    headers: lines.filter((line) => line.startsWith("──")),
    buffers: await world.tmux("list-buffers"),
    pane: await world.tmux(
      "list-panes",
      "-t",
      target,
      "-F",
      "#{window_name} #{pane_in_mode} #{alternate_on} #{cursor_flag}",
    ),
    title: await world.tmux("display-message", "-p", "-t", target, "#{pane_title}"),
  };
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
