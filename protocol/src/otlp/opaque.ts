// Traces and metrics: carried and counted, never decoded.

import { assemble, sizeOf } from "./assemble.ts";
import type { Signal } from "./batch.ts";
import { groupItems, mergeLayouts, type SplitLimits, splitItems } from "./derive.ts";
import { writeEditedResource } from "./edit.ts";
import { MetricIndexer, SpanIndexer } from "./indexing/opaque-item.ts";
import { indexRequest } from "./indexing/request.ts";
import { join, sumOf } from "./joined.ts";
import { toJsonText } from "./json/write.ts";
import { itemLow, itemRow, type Layout } from "./layout.ts";
import { type Limits, withDefaults } from "./limits.ts";
import { Reading } from "./reading.ts";
import { rewriteResources } from "./rewrite.ts";
import { levelsOf } from "./schema/signals.ts";
import { holdsAll, rewriteTexts } from "./texts.ts";
import type { AttributeEdits, Resource, TextEditor } from "./types.ts";
import type { Writer } from "./wire/writer.ts";

export type OpaqueSignal = Exclude<Signal, "logs">;

export class OpaqueBatch {
  readonly signal: OpaqueSignal;
  /** Spans, or data points. */
  readonly itemCount: number;
  /** Unmade where `parts` are there and nobody has looked inside. */
  private made: Layout | undefined;
  /** The batches that this one is joined of. */
  private readonly parts: readonly OpaqueBatch[] | undefined;
  private encoded: Uint8Array | undefined;
  private size: number | undefined;

  /** For the parts of this package: `encoded` is what `layout` assembles to, where that is known. */
  constructor(signal: OpaqueSignal, content: Layout | readonly OpaqueBatch[], encoded?: Uint8Array) {
    this.signal = signal;
    this.encoded = encoded;
    if ("items" in content) {
      this.made = content;
      this.itemCount = weightOf(content);
    } else {
      this.parts = content;
      this.itemCount = sumOf(content, ({ itemCount }) => itemCount);
    }
  }

  /**
   * Takes the bytes as they are, without a copy: whoever gives them must not change them any more. Checks them down to the
   * spans or metrics. Throws OtlpError, with the byte where they stop being a request, or the limit that they pass.
   */
  static fromProtobuf(signal: OpaqueSignal, bytes: Uint8Array, limits?: Partial<Limits>): OpaqueBatch {
    const bounds = withDefaults(limits);
    const items = signal === "traces" ? new SpanIndexer() : new MetricIndexer(bytes, bounds);
    return new OpaqueBatch(signal, indexRequest(bytes, bounds, levelsOf[signal], items), bytes);
  }

  /** All of one signal: their bytes behind each other, as they are. */
  static merge(batches: readonly OpaqueBatch[]): OpaqueBatch {
    const first = batches[0];
    if (first === undefined) throw new RangeError("expected at least one batch to merge");
    if (batches.some((batch) => batch.signal !== first.signal))
      throw new RangeError("expected batches of one signal to merge");
    if (batches.length === 1) return first;
    return new OpaqueBatch(first.signal, batches);
  }

  /** Bytes of `encode()`. */
  get byteLength(): number {
    this.size ??=
      this.encoded?.length ?? (this.parts ? sumOf(this.parts, (part) => part.byteLength) : sizeOf(this.layout));
    return this.size;
  }

  /** An Export…ServiceRequest. The same array on every call, shared with the batch: not to be changed. */
  encode(): Uint8Array {
    this.encoded ??= this.parts ? join(this.pieces()) : assemble(this.layout);
    return this.encoded;
  }

  /** The bytes of `encode()` in the runs in which they are, for who can write several: nothing is joined for it. */
  pieces(): readonly Uint8Array[] {
    return this.encoded === undefined && this.parts ? this.parts.flatMap((part) => part.pieces()) : [this.encode()];
  }

  /** Sets and deletes attributes of those resources for which `edit` answers something. */
  mapResources(edit: (resource: Resource) => AttributeEdits | undefined): OpaqueBatch {
    const reading = new Reading(this.layout);
    const change = (row: number, pieces: readonly number[], writer: Writer): boolean => {
      const edits = edit(reading.resource(row));
      if (edits === undefined) return false;
      writeEditedResource(writer, reading.resourceSource(row), pieces, edits);
      return true;
    };
    return this.derived(rewriteResources(this.layout, change));
  }

  /**
   * Changes texts wherever they are. The batch itself where none changes. Throws OtlpError where a span or metric that may have
   * to change, and that nobody has checked yet, is malformed.
   */
  mapTexts(editor: TextEditor): OpaqueBatch {
    const { encoded, parts } = this;
    if (encoded === undefined && parts !== undefined) {
      const changed = parts.map((part) => part.mapTexts(editor));
      return changed.every((part, index) => part === parts[index]) ? this : new OpaqueBatch(this.signal, changed);
    }
    if (encoded !== undefined && !editor.mayChange(encoded, 0, encoded.length)) return this;
    const layout = rewriteTexts(this.layout, levelsOf[this.signal], editor);
    return layout === this.layout && holdsAll(layout, encoded) ? this : new OpaqueBatch(this.signal, layout);
  }

  /** Consecutive parts of at most these sizes; a single span or metric that is larger than `maxBytes` goes alone. */
  split(limits: SplitLimits): OpaqueBatch[] {
    const { maxBytes = Number.POSITIVE_INFINITY, maxRecords = Number.POSITIVE_INFINITY } = limits;
    // This batch as it is may hold envelopes without items, which no part has.
    if (this.layout.items.length <= maxRecords * itemRow && this.byteLength <= maxBytes) return [this];
    return splitItems(this.layout, maxBytes, maxRecords).map((layout) => new OpaqueBatch(this.signal, layout));
  }

  /** The spans or metrics of each key. `keyOf` is asked once for each resource. */
  groupByResource(keyOf: (resource: Resource) => string): Map<string, OpaqueBatch> {
    const reading = new Reading(this.layout);
    const out = new Map<string, OpaqueBatch>();
    for (const [key, layout] of groupItems(this.layout, (row) => keyOf(reading.resource(row))))
      out.set(key, this.derived(layout));
    return out;
  }

  /** OTLP/JSON of the request. Throws OtlpError where a span or metric, which nobody has checked yet, is malformed. */
  toJson(): string {
    return toJsonText(this.encode(), levelsOf[this.signal].request);
  }

  private get layout(): Layout {
    this.made ??= mergeLayouts(this.parts!.map((part) => part.layout));
    return this.made;
  }

  private derived(layout: Layout): OpaqueBatch {
    return layout === this.layout ? this : new OpaqueBatch(this.signal, layout);
  }
}

/** Spans, or data points: what each item counts. */
function weightOf({ items }: Layout): number {
  let count = 0;
  for (let at = itemLow; at < items.length; at += itemRow) count += items[at]!;
  return count;
}
