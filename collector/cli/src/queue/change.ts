// Changes an event's status, and says in people's words why it cannot be.

import {
  type Change,
  changeStatus,
  itemOf,
  type QueueItem,
  type Wish,
} from "@chriscode/devmux-telemetry-exporters/queue";
import { CliError } from "../errors.ts";
import { visible } from "../show/visible.ts";
import { idWord, shortId } from "./lines.ts";
import { withQueueFile } from "./path.ts";

export interface Changed {
  readonly item: QueueItem;
  /** False: it was so already. */
  readonly isNew: boolean;
}

/** undefined where nothing waits to be claimed. Throws a CliError where the wish cannot be fulfilled. */
export async function change(path: string, wish: Wish): Promise<Changed | undefined> {
  const done = await withQueueFile(path, () => changeStatus(path, wish));
  const isOfOne = "id" in wish;
  if (done.kind === "none" && !isOfOne) return undefined;
  if (done.kind === "changed" || done.kind === "unchanged")
    return { item: itemOf(done.state, Date.now()), isNew: done.kind === "changed" };
  throw refusal(done, isOfOne ? wish.id : "", path);
}

type Refused = Exclude<Change, { kind: "changed" | "unchanged" }>;

function refusal(refused: Refused, id: string, path: string): CliError {
  switch (refused.kind) {
    case "none":
      return noEvent(id, path);
    case "ambiguous":
      return ambiguous(id, refused.ids);
    case "conflict":
      return new CliError("DEVMUX_EVENT_TAKEN", visible(`${shortId(refused.state.event.id)}: ${refused.reason}`), [
        `give it back to those who wait: devmux queue release ${idWord(refused.state.event.id)}`,
      ]);
    case "failed":
      return new CliError(
        refused.cause === "busy" ? "DEVMUX_QUEUE_BUSY" : "DEVMUX_QUEUE_UNWRITABLE",
        visible(`the queue was not changed: ${refused.message}`),
      );
  }
}

export function noEvent(id: string, path: string): CliError {
  return new CliError("DEVMUX_NO_EVENT", visible(`there is no event ${JSON.stringify(id)} in ${path}`), [
    "a whole id, or at least four characters of its beginning; see: devmux queue list --status all",
  ]);
}

/** More candidates than these help nobody. */
const maxListed = 10;

export function ambiguous(id: string, ids: readonly string[]): CliError {
  return new CliError("DEVMUX_AMBIGUOUS_EVENT", visible(`${ids.length} events begin with ${JSON.stringify(id)}`), [
    ...ids.slice(0, maxListed).map(visible),
  ]);
}
