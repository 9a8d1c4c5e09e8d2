// A queue's store in the extension that its configuration names.

import type { Host } from "../component/index.ts";
import type { BatchStore, Storage, StoreEvents } from "../component/storage.ts";

/** Throws an Error that says what is wrong. `exporterId` names the store: it is found again under it after a restart. */
export async function openStorage(
  id: string,
  exporterId: string,
  host: Pick<Host, "extension"> | undefined,
  events: StoreEvents,
): Promise<BatchStore> {
  const extension = host?.extension(id);
  if (extension === undefined) throw new Error(`sending_queue.storage: the extension "${id}" does not run`);
  if (!isStorage(extension)) throw new Error(`sending_queue.storage: the extension "${id}" is no storage`);
  return extension.open(`exporter/${exporterId}`, events);
}

function isStorage(extension: object): extension is Storage {
  return "open" in extension && typeof extension.open === "function";
}
