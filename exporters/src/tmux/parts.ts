// What a batch has for each stream, formatted, without the records that are there already.

import type { Batch, LogRecord, Logs, Resource } from "@chriscode/devmux-telemetry-protocol";
import { identityOf } from "../record/identity.ts";
import { streamNameOf } from "../record/stream.ts";
import type { RecordFormat } from "../text/format.ts";
import type { Spool } from "./spool.ts";
import type { SpoolSet } from "./streams.ts";

export interface Part {
  readonly spool: Spool;
  readonly texts: readonly string[];
  /** `log.record.uid`, "" for a record without one. */
  readonly keys: readonly string[];
}

export interface Parts {
  /** `onDuplicate` is called for each record that the spool holds. */
  partsOf(logs: Logs, spools: SpoolSet, onDuplicate: () => void): readonly Part[];
  /** Only the first `written` records of this part were written, and the same batch will come again. */
  interrupted(logs: Logs, part: Part, written: number): void;
}

interface GrowingPart extends Part {
  readonly texts: string[];
  readonly keys: string[];
  /** Records without a key that an earlier attempt has written. Those with one are known by it. */
  skip: number;
}

export function createParts(format: RecordFormat): Parts {
  const keyless = new WeakMap<Batch, Map<Spool, number>>();

  function add(part: GrowingPart, record: LogRecord, seen: Set<string>): boolean {
    const attributes = record.attributes();
    const key = identityOf(attributes);
    if (key === "" && part.skip > 0) {
      part.skip--;
      return true;
    }
    if (key !== "") {
      if (seen.has(key) || part.spool.has(key)) return false;
      seen.add(key);
    }
    part.texts.push(format(record, attributes));
    part.keys.push(key);
    return true;
  }

  return {
    partsOf(logs, spools, onDuplicate) {
      const done = keyless.get(logs);
      const parts = new Map<Spool, GrowingPart>();
      const seen = new Set<string>();
      // Records of one resource follow one another and share the object.
      let resource: Resource | undefined;
      let part: GrowingPart | undefined;
      for (const record of logs.records()) {
        if (part === undefined || record.resource !== resource) {
          resource = record.resource;
          const spool = spools.of(streamNameOf(resource));
          part = parts.get(spool) ?? { spool, texts: [], keys: [], skip: done?.get(spool) ?? 0 };
          parts.set(spool, part);
        }
        if (!add(part, record, seen)) onDuplicate();
      }
      return [...parts.values()].filter(({ texts }) => texts.length > 0);
    },
    interrupted(logs, { spool, keys }, written) {
      const done = keyless.get(logs) ?? new Map<Spool, number>();
      const count = keys.slice(0, written).filter((key) => key === "").length;
      keyless.set(logs, done.set(spool, (done.get(spool) ?? 0) + count));
    },
  };
}
