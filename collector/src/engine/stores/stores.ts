// The stores of sending queues that outlive the process: in the extension that the exporter's configuration names, and in those
// where an earlier configuration had them, which are emptied into it.

import {
  type AnyFactory,
  type BatchStore,
  type Host,
  type Log,
  type Storage,
  totalItems,
} from "../../component/index.ts";
import type { StoreEvents } from "../../component/storage.ts";
import type { Planned } from "../../config/blueprint.ts";
import { createSettings } from "../settings.ts";
import { createStats } from "../stats.ts";
import { createLedger, type LedgerEntry } from "./ledger.ts";

export interface Kept {
  readonly place: string;
  readonly store: BatchStore;
}

export interface Stores {
  /** In the storage with this id. Throws an Error that says what is wrong. */
  open(storage: string, exporterId: string, events: StoreEvents): Promise<Kept>;
  /**
   * What this exporter has anywhere but `now`: each is handed to `take`, and forgotten when that has resolved. Rejects with what `take`
   * throws; what is in a store then stays there.
   */
  gather(
    exporterId: string,
    now: string | undefined,
    events: StoreEvents,
    take: (kept: Kept) => Promise<void>,
  ): Promise<void>;
  /** Says what waits for exporters that are none of these. */
  sayUnclaimed(exporterIds: readonly string[]): Promise<void>;
}

export interface StoresOptions {
  readonly stateDir: string;
  readonly log: Log;
  /** The extensions that run. */
  extensions(): readonly { readonly component: object; readonly plan: Planned<AnyFactory> }[];
  factories(): readonly AnyFactory[];
  hostOf(owner: object): Host;
  /** Gives up what `hostOf` gave. */
  release(owner: object): void;
}

export function createStores({ stateDir, log, extensions, factories, hostOf, release }: StoresOptions): Stores {
  const ledger = createLedger(stateDir, log);
  const nameOf = (exporterId: string) => `exporter/${exporterId}`;
  const placeOf = (type: string, storage: Storage) => `${type} ${storage.place({ stateDir })}`;

  function running(id: string): LedgerEntry & { readonly storage: Storage } {
    const node = extensions().find(({ plan }) => plan.id === id);
    if (node === undefined) throw new Error(`sending_queue.storage: the extension "${id}" does not run`);
    const { component: storage, plan } = node;
    if (!isStorage(storage))
      throw new Error(
        `sending_queue.storage: the extension "${id}" is no storage: it must have \`place\` and \`open\``,
      );
    const { type } = plan.factory;
    return { storage, place: placeOf(type, storage), id, type, options: plan.options };
  }

  /** The storage that was there, in one that runs at the same place or by itself for as long as `use` takes. */
  async function withStorage<T>(entry: LedgerEntry, use: (storage: Storage) => Promise<T>): Promise<T> {
    const found = extensions().find(
      ({ component, plan }) => isStorage(component) && placeOf(plan.factory.type, component) === entry.place,
    );
    if (found !== undefined) return use(found.component as Storage);
    const factory = factories().find(({ kind, type }) => kind === "extension" && type === entry.type);
    if (factory?.kind !== "extension") throw new Error(`there is no extension of the type ${entry.type}`);
    const settings = createSettings(createStats("extension", entry.id), log);
    const storage = factory.create(settings, factory.config.parse(entry.options ?? {})) as Storage;
    try {
      await storage.start?.(hostOf(storage));
      return await use(storage);
    } finally {
      await storage.shutdown?.(AbortSignal.abort());
      release(storage);
    }
  }

  async function empty(
    exporterId: string,
    entry: LedgerEntry,
    events: StoreEvents,
    take: (kept: Kept) => Promise<void>,
  ): Promise<void> {
    let refused: { readonly reason: unknown } | undefined;
    try {
      await withStorage(entry, async (storage) => {
        const store = await storage.open(nameOf(exporterId), events);
        try {
          await take({ place: entry.place, store });
        } catch (reason) {
          refused = { reason };
        } finally {
          await store.close();
        }
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.warn(`what waits for exporter ${exporterId} in ${entry.place} cannot be had now: ${why}`);
      return;
    }
    if (refused !== undefined) throw refused.reason;
    ledger.remove(exporterId, entry.place);
  }

  return {
    async open(id, exporterId, events) {
      const { storage, ...entry } = running(id);
      ledger.add(exporterId, entry);
      return { place: entry.place, store: await storage.open(nameOf(exporterId), events) };
    },
    async gather(exporterId, now, events, take) {
      for (const entry of ledger.of(exporterId).filter(({ place }) => place !== now))
        await empty(exporterId, entry, events, take);
    },
    async sayUnclaimed(exporterIds) {
      for (const id of ledger.exporters().filter((each) => !exporterIds.includes(each)))
        for (const entry of ledger.of(id)) {
          const look = async ({ store, place }: Kept) => {
            const waiting = totalItems(store.items);
            if (waiting > 0) throw new Error(`${waiting} records in ${place}`);
          };
          await empty(id, entry, { ready() {}, lost() {} }, look).catch((error: Error) =>
            log.warn(`exporter ${id} is not configured; what waits for it stays where it is: ${error.message}`),
          );
        }
    },
  };
}

function isStorage(extension: object): extension is Storage {
  return "open" in extension && typeof extension.open === "function" && "place" in extension;
}
