// The one pass over the bytes of a request, of any signal: checks resources and scopes, notes where they and the items are.

import { faultAt, OtlpError, type OtlpErrorCode } from "../errors.ts";
import { itemEnd, itemRow, itemScope, itemStart, type Layout, Rows, resourceRow, scopeRow } from "../layout.ts";
import { groupsPerItem, type Limits } from "../limits.ts";
import { instrumentationScope, resource } from "../schema/common.ts";
import type { Message } from "../schema/message.ts";
import { childrenTag, type Levels, resourcesTag } from "../schema/signals.ts";
import { Fields } from "../wire/fields.ts";
import { Checker } from "./check.ts";

/** Tag of `resource` and of `scope`, in every signal. */
const originTag = 0x0a;

/** Faults of one item that leave those around it whole. */
const ownFaults: ReadonlySet<OtlpErrorCode> = new Set(["DEVMUX_OTLP_TOO_DEEP", "DEVMUX_OTLP_TOO_MANY_VALUES"]);

/** Items that are past a bound of their own, and are not in the layout. */
export interface LeftOut {
  count: number;
  firstFault: OtlpError | undefined;
}

/** Checks the item in [start, end) and fills the last three words of its row in `items`, which begins at `row`. */
export interface ItemIndexer {
  item(start: number, end: number, items: Uint32Array, row: number): void;
}

/** Throws OtlpError. With `leftOut`, an item that is too deep or holds too many values is counted there instead. */
export function indexRequest(
  bytes: Uint8Array,
  limits: Limits,
  levels: Levels,
  items: ItemIndexer,
  leftOut?: LeftOut,
): Layout {
  if (bytes.length > limits.maxBytes) {
    const what = `expected a request of at most ${limits.maxBytes} bytes, got ${bytes.length}`;
    throw faultAt("DEVMUX_OTLP_TOO_LARGE", limits.maxBytes, what);
  }
  return new RequestIndexer(bytes, limits, levels, items, leftOut).run();
}

class RequestIndexer {
  private readonly bytes: Uint8Array;
  private readonly levels: Levels;
  private readonly indexer: ItemIndexer;
  private readonly leftOut: LeftOut | undefined;
  private readonly checker: Checker;
  private readonly maxWords: number;
  private readonly maxGroups: number;
  /** Resources and scopes, those without items too. */
  private groups = 0;
  private readonly resources = new Rows(4 * resourceRow);
  private readonly scopes = new Rows(4 * scopeRow);
  private readonly items: Rows;

  constructor(bytes: Uint8Array, limits: Limits, levels: Levels, indexer: ItemIndexer, leftOut: LeftOut | undefined) {
    this.bytes = bytes;
    this.levels = levels;
    this.indexer = indexer;
    this.leftOut = leftOut;
    this.checker = new Checker(bytes, limits);
    this.maxWords = limits.maxRecords * itemRow;
    this.maxGroups = limits.maxRecords * groupsPerItem;
    this.items = new Rows((4 + Math.ceil(bytes.length / 256)) * itemRow);
  }

  run(): Layout {
    for (const field = new Fields(this.bytes, 0, this.bytes.length); field.next(); ) {
      if (field.tag === resourcesTag) this.resource(field.start, field.end);
      else this.other(field, this.levels.request);
    }
    const { resources, scopes, items } = this;
    return { buffers: [this.bytes], resources: resources.done(), scopes: scopes.done(), items: items.done() };
  }

  private resource(start: number, end: number): void {
    this.group(start);
    const { resources, scopes } = this;
    const row = resources.add(resourceRow);
    const scopesBefore = scopes.length;
    resources.data[row] = 0;
    resources.data[row + 1] = start;
    resources.data[row + 2] = end;
    for (const field = new Fields(this.bytes, start, end); field.next(); ) {
      if (field.tag === childrenTag) this.scope(field.start, field.end, row / resourceRow);
      else if (field.tag === originTag) this.origin(field, resource);
      else this.other(field, this.levels.resource);
    }
    // What holds no item has no row: rows are larger than empty messages.
    if (scopes.length === scopesBefore) resources.length = row;
  }

  private scope(start: number, end: number, resource: number): void {
    this.group(start);
    const { scopes, items } = this;
    const row = scopes.add(scopeRow);
    const itemsBefore = items.length;
    scopes.data[row] = 0;
    scopes.data[row + 1] = start;
    scopes.data[row + 2] = end;
    scopes.data[row + 3] = resource;
    for (const field = new Fields(this.bytes, start, end); field.next(); ) {
      if (field.tag === childrenTag) this.item(field.start, field.end, row / scopeRow);
      else if (field.tag === originTag) this.origin(field, instrumentationScope);
      else this.other(field, this.levels.scope);
    }
    if (items.length === itemsBefore) scopes.length = row;
  }

  /** Empty ones take no memory, but each takes its time: 64 MiB of them were seconds. */
  private group(start: number): void {
    if (++this.groups <= this.maxGroups) return;
    throw faultAt(
      "DEVMUX_OTLP_TOO_MANY_RECORDS",
      start,
      `expected at most ${this.maxGroups} resources and scopes, got more`,
    );
  }

  private item(start: number, end: number, scope: number): void {
    const row = this.items.add(itemRow);
    if (row >= this.maxWords) {
      const what = `expected at most ${this.maxWords / itemRow} items of type ${this.levels.item.name}, got more`;
      throw faultAt("DEVMUX_OTLP_TOO_MANY_RECORDS", start, what);
    }
    const { data } = this.items;
    data[row + itemStart] = start;
    data[row + itemEnd] = end;
    data[row + itemScope] = scope;
    if (this.leftOut === undefined) this.indexer.item(start, end, data, row);
    else this.tolerant(this.leftOut, start, end, row);
  }

  private tolerant(leftOut: LeftOut, start: number, end: number, row: number): void {
    try {
      this.indexer.item(start, end, this.items.data, row);
    } catch (error) {
      if (!(error instanceof OtlpError) || !ownFaults.has(error.code)) throw error;
      this.items.length = row;
      leftOut.count++;
      leftOut.firstFault ??= error;
    }
  }

  private origin(field: Fields, message: Message): void {
    this.checker.values = 0;
    this.checker.message(field.start, field.end, message, 0);
  }

  /** A field of these levels that leads nowhere: schema_url, or one that is unknown. */
  private other(field: Fields, message: Message): void {
    if (message.byNumber[field.tag >>> 3] !== undefined) this.checker.message(field.from, field.end, message, 0);
  }
}
