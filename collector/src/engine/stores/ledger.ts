// Where batches of each exporter may be on the disk. A place is written down before the first batch is put there and crossed out
// when nothing is left in it, so that a change of the storage strands nothing: by a reload, between two starts, with a kill in between.

import { join } from "node:path";
import { z } from "zod";
import type { Log } from "../../component/index.ts";
import { readPrivateJson, writePrivateJson } from "../../files/private-json.ts";

/** A storage as it was configured: enough to open it again. */
export interface StoragePlan {
  /** Of the extension. */
  readonly id: string;
  readonly type: string;
  /** As the user wrote them. */
  readonly options?: unknown;
}

export interface LedgerEntry extends StoragePlan {
  /** What one storage keeps there, another with the same place opens. */
  readonly place: string;
}

export interface Ledger {
  exporters(): readonly string[];
  /** Oldest first. */
  of(exporterId: string): readonly LedgerEntry[];
  add(exporterId: string, entry: LedgerEntry): void;
  remove(exporterId: string, place: string): void;
}

const entrySchema = z.object({
  place: z.string(),
  id: z.string(),
  type: z.string(),
  options: z.unknown(),
});
const fileSchema = z.object({ exporters: z.record(z.string(), z.array(entrySchema)) });

/** A ledger that cannot be read or written is said, and stops nothing: it is for what changes, not for what stays. */
export function createLedger(stateDir: string, log: Log): Ledger {
  const path = join(stateDir, "storages.json");
  let known: Map<string, readonly LedgerEntry[]> | undefined;

  function entries(): Map<string, readonly LedgerEntry[]> {
    if (known !== undefined) return known;
    const found = readPrivateJson(path, fileSchema);
    if (found.kind === "unreadable") log.warn(`it is not known where batches were kept before: ${found.reason}`);
    known = new Map(Object.entries(found.kind === "read" ? found.value.exporters : {}));
    return known;
  }

  function change(exporterId: string, to: readonly LedgerEntry[]): void {
    if (to.length === 0) entries().delete(exporterId);
    else entries().set(exporterId, to);
    try {
      writePrivateJson(path, { exporters: Object.fromEntries(entries()) });
    } catch (error) {
      log.warn(`cannot write down where batches are kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  const of = (exporterId: string) => entries().get(exporterId) ?? [];
  return {
    exporters: () => [...entries().keys()],
    of,
    add(exporterId, entry) {
      // In the usual case, the same storage as at the last start, nothing is written.
      const same = of(exporterId).find(({ place }) => place === entry.place);
      if (same !== undefined && JSON.stringify(same) === JSON.stringify(entry)) return;
      change(exporterId, [...of(exporterId).filter(({ place }) => place !== entry.place), entry]);
    },
    remove(exporterId, place) {
      change(
        exporterId,
        of(exporterId).filter((entry) => entry.place !== place),
      );
    },
  };
}
