// The batch of logs: immutable, over the protobuf bytes of an ExportLogsServiceRequest.

import { assemble, sizeOf } from "./assemble.ts";
import { groupItems, mergeLayouts, type SplitLimits, selectItems, splitItems } from "./derive.ts";
import { writeEditedRecord, writeEditedResource } from "./edit.ts";
import { identities, originBytes } from "./identity.ts";
import { LogRecordIndexer } from "./indexing/log-record.ts";
import { indexRequest, type LeftOut } from "./indexing/request.ts";
import { join, sumOf } from "./joined.ts";
import { toJsonText } from "./json/write.ts";
import { itemCountOf, itemEnd, itemMeta, itemRow, itemStart, type Layout, severityMask } from "./layout.ts";
import { type Limits, withDefaults } from "./limits.ts";
import { observeAt } from "./observed-time.ts";
import { Reading } from "./reading.ts";
import { Records, RecordView } from "./record.ts";
import { rewriteItems, rewriteResources } from "./rewrite.ts";
import { runsOf } from "./runs.ts";
import { levelsOf } from "./schema/signals.ts";
import { holdsAll, rewriteTexts } from "./texts.ts";
import type {
  AttributeEdits,
  LogRecord,
  RecordEdit,
  RecordIdentity,
  Resource,
  ResourceRun,
  TextEditor,
} from "./types.ts";
import type { Writer } from "./wire/writer.ts";

/** A batch from what a client sent; records that are wrong are left out and counted, the others taken. */
export interface ReadResult {
  readonly logs: Logs;
  readonly rejected: number;
  /** The first fault: where (a path, or a byte), what was expected, what is there. */
  readonly message?: string;
}

export class Logs {
  readonly signal = "logs" as const;
  /** Log records. */
  readonly itemCount: number;
  /** Unmade where `parts` are there and nobody has looked inside. */
  private made: Layout | undefined;
  /** The batches that this one is joined of. */
  private readonly parts: readonly Logs[] | undefined;
  private encoded: Uint8Array | undefined;
  private size: number | undefined;
  private shared: Reading | undefined;

  /** For the parts of this package: `encoded` is what `layout` assembles to, where that is known. */
  constructor(content: Layout | readonly Logs[], encoded?: Uint8Array) {
    this.encoded = encoded;
    if ("items" in content) {
      this.made = content;
      this.itemCount = itemCountOf(content);
    } else {
      this.parts = content;
      this.itemCount = sumOf(content, ({ itemCount }) => itemCount);
    }
  }

  /**
   * Takes the bytes as they are, without a copy: whoever gives them must not change them any more. Throws OtlpError, with the
   * byte where they stop being a request, or the limit that they pass.
   */
  static fromProtobuf(bytes: Uint8Array, limits?: Partial<Limits>): Logs {
    const bounds = withDefaults(limits);
    return new Logs(indexRequest(bytes, bounds, levelsOf.logs, new LogRecordIndexer(bytes, bounds)), bytes);
  }

  /**
   * The same, but a record that is past a bound of its own (nested too deep, too many attributes) is left out and counted, and
   * the others are taken: what a receiver wants, for whom one bad record must not fail the rest.
   */
  static readProtobuf(bytes: Uint8Array, limits?: Partial<Limits>): ReadResult {
    const bounds = withDefaults(limits);
    const leftOut: LeftOut = { count: 0, firstFault: undefined };
    const layout = indexRequest(bytes, bounds, levelsOf.logs, new LogRecordIndexer(bytes, bounds), leftOut);
    if (leftOut.firstFault === undefined) return { logs: new Logs(layout, bytes), rejected: 0 };
    return { logs: new Logs(layout), rejected: leftOut.count, message: leftOut.firstFault.message };
  }

  /** All of them in one, in order: their bytes behind each other, as they are. */
  static merge(batches: readonly Logs[]): Logs {
    return batches.length === 1 ? batches[0]! : new Logs(batches);
  }

  /** Bytes of `encode()`. */
  get byteLength(): number {
    this.size ??=
      this.encoded?.length ?? (this.parts ? sumOf(this.parts, (part) => part.byteLength) : sizeOf(this.layout));
    return this.size;
  }

  /** An ExportLogsServiceRequest. The same array on every call, shared with the batch: not to be changed. */
  encode(): Uint8Array {
    this.encoded ??= this.parts ? join(this.pieces()) : assemble(this.layout);
    return this.encoded;
  }

  /** The bytes of `encode()` in the runs in which they are, for who can write several: nothing is joined for it. */
  pieces(): readonly Uint8Array[] {
    return this.encoded === undefined && this.parts ? this.parts.flatMap((part) => part.pieces()) : [this.encode()];
  }

  records(): Iterable<LogRecord> {
    const reading = this.reading;
    const count = this.itemCount;
    return { [Symbol.iterator]: () => new Records(reading, count) };
  }

  /**
   * What each record says, for finding those that say the same; without the attributes that `ignores` names. One is valid until
   * the next is asked for.
   */
  identities(ignores: (attribute: string) => boolean): Iterable<RecordIdentity> {
    return identities(this.layout, ignores);
  }

  /** Resource and scope of the records whose identity has this origin. */
  originBytes(origin: number): Uint8Array {
    return originBytes(this.layout, origin);
  }

  /**
   * Whose the records are, in order: one for each run of them with the same resource, with how many of them are at least so severe.
   * From the index alone.
   */
  resourceRuns(severityNumber: number): readonly ResourceRun[] {
    return runsOf(this.layout, this.reading, severityNumber);
  }

  /** Highest severity number in the batch, from the index alone. */
  get maxSeverity(): number {
    const { items } = this.layout;
    let max = 0;
    for (let at = itemMeta; at < items.length; at += itemRow) {
      const severity = items[at]! & severityMask;
      if (severity > max) max = severity;
    }
    return max;
  }

  /** The records that `keep` says, in order; this batch itself where that is all. */
  select(keep: (record: LogRecord) => boolean): Logs {
    const { reading } = this;
    return this.derived(selectItems(this.layout, (index) => keep(new RecordView(reading, index))));
  }

  /** Records with some fields changed; `edit` answers `undefined` for those that stay as they are, byte for byte. */
  map(edit: (record: LogRecord) => RecordEdit | undefined): Logs {
    const { reading } = this;
    const change = (items: Uint32Array, at: number, writer: Writer): boolean => {
      const edits = edit(new RecordView(reading, at / itemRow));
      if (edits === undefined) return false;
      const source = reading.sourceOf(items[at + itemMeta]!);
      writeEditedRecord(writer, source, items[at + itemStart]!, items[at + itemEnd]!, edits);
      const { severityNumber } = edits;
      if (severityNumber !== undefined) items[at + itemMeta] = (items[at + itemMeta]! & ~severityMask) | severityNumber;
      return true;
    };
    return this.derived(rewriteItems(this.layout, change));
  }

  /** Sets (or, with `undefined`, deletes) attributes of every resource. */
  withResourceAttributes(attributes: AttributeEdits): Logs {
    return this.mapResources(() => attributes);
  }

  /** Sets and deletes attributes of those resources for which `edit` answers something. */
  mapResources(edit: (resource: Resource) => AttributeEdits | undefined): Logs {
    const { reading } = this;
    const change = (row: number, pieces: readonly number[], writer: Writer): boolean => {
      const edits = edit(reading.resource(row));
      if (edits === undefined) return false;
      writeEditedResource(writer, reading.resourceSource(row), pieces, edits);
      return true;
    };
    return this.derived(rewriteResources(this.layout, change));
  }

  /** Changes texts wherever they are: in records, resources and scopes. The batch itself where none changes. */
  mapTexts(editor: TextEditor): Logs {
    const { encoded, parts } = this;
    if (encoded === undefined && parts !== undefined) {
      const changed = parts.map((part) => part.mapTexts(editor));
      return changed.every((part, index) => part === parts[index]) ? this : new Logs(changed);
    }
    if (encoded !== undefined && !editor.mayChange(encoded, 0, encoded.length)) return this;
    const layout = rewriteTexts(this.layout, levelsOf.logs, editor);
    return layout === this.layout && holdsAll(layout, encoded) ? this : new Logs(layout);
  }

  /** Gives the records that have no observed time this one, as the OTLP data model asks of a receiver. */
  withObservedTime(ms: number): Logs {
    return this.derived(observeAt(this.layout, ms));
  }

  /** Consecutive parts of at most these sizes; a single record that is larger than `maxBytes` goes alone. */
  split(limits: SplitLimits): Logs[] {
    const { maxBytes = Number.POSITIVE_INFINITY, maxRecords = Number.POSITIVE_INFINITY } = limits;
    // This batch as it is may hold envelopes without records, which no part has.
    if (this.layout.items.length <= maxRecords * itemRow && this.byteLength <= maxBytes) return [this];
    return splitItems(this.layout, maxBytes, maxRecords).map((layout) => new Logs(layout));
  }

  /** The records of each key. `keyOf` is asked once for each resource. */
  groupByResource(keyOf: (resource: Resource) => string): Map<string, Logs> {
    const { reading } = this;
    const out = new Map<string, Logs>();
    for (const [key, layout] of groupItems(this.layout, (row) => keyOf(reading.resource(row))))
      out.set(key, this.derived(layout));
    return out;
  }

  /** OTLP/JSON of the request. */
  toJson(): string {
    return toJsonText(this.encode(), levelsOf.logs.request);
  }

  private get layout(): Layout {
    this.made ??= mergeLayouts(this.parts!.map((part) => part.layout));
    return this.made;
  }

  private get reading(): Reading {
    this.shared ??= new Reading(this.layout);
    return this.shared;
  }

  private derived(layout: Layout): Logs {
    return layout === this.layout ? this : new Logs(layout);
  }
}
