// What a batch has for each stream, without the records that are there already.

import type { Batch, LogRecord, Logs, Resource } from "@chriscode/devmux-telemetry-protocol";
import type { StreamIdentity } from "@chriscode/devmux-telemetry-server/component";
import { identityOf } from "../record/identity.ts";
import { streamOf } from "../record/stream.ts";
import type { ReadRecord, RecordLine } from "../spool/line.ts";
import type { StreamFiles } from "../spool/spools.ts";

export interface Part<Files extends StreamFiles> {
  readonly files: Files;
  /** As the spool has them. */
  readonly lines: readonly string[];
  /** `log.record.uid`, "" for a record without one. */
  readonly keys: readonly string[];
  readonly records: readonly ReadRecord[];
}

export interface Parts<Files extends StreamFiles> {
  /**
   * In slices, each of which is to be written before the next is asked for. `onDuplicate` is called for each record that the
   * spool holds.
   */
  slicesOf(
    logs: Logs,
    filesOf: (identity: StreamIdentity) => Files,
    onDuplicate: () => void,
  ): Iterable<readonly Part<Files>[]>;
  /** Only the first `written` records of this part were written, and the same batch will come again. For every part that was. */
  interrupted(logs: Logs, part: Part<Files>, written: number): void;
}

interface GrowingPart<Files extends StreamFiles> extends Part<Files> {
  readonly lines: string[];
  readonly keys: string[];
  readonly records: ReadRecord[];
  /** The stream's name where these files are not its own. */
  from: string | undefined;
  /** Records without a key that an earlier attempt has written. Those with one are known by it. */
  skip: number;
}

/** Some millisecond of work, and few enough that what is made for them dies young. */
const sliceRecords = 256;

export function createParts<Files extends StreamFiles>(line: RecordLine): Parts<Files> {
  const keyless = new WeakMap<Batch, Map<Files, number>>();

  function add(part: GrowingPart<Files>, record: LogRecord, seen: Set<string>): boolean {
    const attributes = record.attributes();
    const key = identityOf(attributes);
    if (key === "" && part.skip > 0) {
      part.skip--;
      return true;
    }
    if (key !== "") {
      if (seen.has(key) || part.files.spool.has(key)) return false;
      seen.add(key);
    }
    const { timeMs, severityNumber, body } = record;
    const read: ReadRecord = { timeMs, severityNumber, body, attributes, from: part.from };
    part.lines.push(line(record, read));
    part.keys.push(key);
    part.records.push(read);
    return true;
  }

  return {
    *slicesOf(logs, filesOf, onDuplicate) {
      const skips = new Map(keyless.get(logs));
      const seen = new Set<string>();
      let parts = new Map<Files, GrowingPart<Files>>();
      let count = 0;
      // Records of one resource follow one another and share the object.
      let resource: Resource | undefined;
      let part: GrowingPart<Files> | undefined;
      for (const record of logs.records()) {
        if (part === undefined || record.resource !== resource) {
          resource = record.resource;
          const identity = streamOf(resource);
          const files = filesOf(identity);
          part = parts.get(files) ?? newPart(files, skips.get(files) ?? 0);
          part.from = files.spool.place.stream === identity.name ? undefined : identity.name;
          parts.set(files, part);
        }
        if (!add(part, record, seen)) onDuplicate();
        if (++count % sliceRecords !== 0) continue;
        for (const { files, skip } of parts.values()) skips.set(files, skip);
        yield toWrite(parts);
        parts = new Map();
        part = undefined;
      }
      yield toWrite(parts);
    },
    interrupted(logs, { files, keys }, written) {
      const done = keyless.get(logs) ?? new Map<Files, number>();
      const count = keys.slice(0, written).filter((key) => key === "").length;
      keyless.set(logs, done.set(files, (done.get(files) ?? 0) + count));
    },
  };
}

function toWrite<Files extends StreamFiles>(parts: Map<Files, GrowingPart<Files>>): readonly Part<Files>[] {
  return [...parts.values()].filter(({ lines }) => lines.length > 0);
}

function newPart<Files extends StreamFiles>(files: Files, skip: number): GrowingPart<Files> {
  return { files, lines: [], keys: [], records: [], from: undefined, skip };
}
