// The `storage` extension: a directory, a lock on it, and a store for each queue that asks for one.

import { join, resolve } from "node:path";
import type { BatchStore, Settings, Storage } from "../../component/index.ts";
import { type FileLock, lockFile } from "../../files/lock.ts";
import type { StorageConfig } from "./config.ts";
import { createRoom, freeBytes, preparePrivateDirectory, type Room, refuseNetwork } from "./disk.ts";
import { directoryName } from "./names.ts";
import { recover } from "./recover.ts";
import { createSegments } from "./segments.ts";
import { createStore } from "./store.ts";

interface Opened {
  readonly root: string;
  readonly lock: FileLock;
  readonly room: Room;
}

export function createStorage(settings: Settings, config: StorageConfig): Storage {
  const { sync, segmentBytes, minFreeBytes } = config;
  let opened: Opened | undefined;
  const stores = new Map<string, BatchStore>();
  /** By store, why it cannot be written. */
  const troubles = new Map<string, string>();

  function trouble(name: string, reason: string | undefined): void {
    if (reason === undefined) troubles.delete(name);
    else troubles.set(name, reason);
    const [first] = troubles.values();
    if (first === undefined) settings.health("ok");
    else settings.health("degraded", `nothing more can be taken: ${first}`);
  }

  function damaged(name: string, paths: readonly string[]): void {
    settings.count("damaged_files", paths.length);
    settings.log.error(`what waited for ${name} was damaged; it is kept for a look`, { files: paths });
  }

  const place = ({ stateDir }: { readonly stateDir: string }) => resolve(config.directory ?? join(stateDir, "storage"));

  return {
    place,
    async start(host) {
      const root = place(host);
      await preparePrivateDirectory(root);
      await refuseNetwork(root);
      const lock = lockFile(join(root, "lock"));
      if (lock === undefined) throw new Error(`${root} is used by another collector; name another directory`);
      opened = { root, lock, room: createRoom(root, minFreeBytes) };
      const free = await freeBytes(root);
      if (free < minFreeBytes)
        settings.log.warn("the disk has less room than min_free_space: nothing is taken until there is more", { free });
    },
    async open(name, events) {
      if (opened === undefined) throw new Error(`the storage ${settings.id} does not run`);
      const { root, room } = opened;
      const directory = join(root, directoryName(name));
      await preparePrivateDirectory(directory);
      const found = await recover(directory, name);
      if (found.quarantined.length > 0) damaged(name, found.quarantined);
      const segments = createSegments(found, { directory, name, segmentBytes, sync, mayGrow: room.demand });
      const store = createStore(segments, events, {
        sync,
        trouble: (reason) => trouble(name, reason),
        damaged: (paths) => damaged(name, paths),
      });
      stores.set(name, store);
      return store;
    },
    async shutdown() {
      for (const store of stores.values()) await store.close();
      stores.clear();
      opened?.lock.release();
      opened = undefined;
    },
  };
}
