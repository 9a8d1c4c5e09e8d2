// What is to be sent and what is not acknowledged yet, bounded in records and bytes.

export interface Item {
  /** OTLP/JSON of one record. */
  readonly text: string;
  /** UTF-8 bytes of the text. */
  readonly bytes: number;
  readonly timeMs: number;
  /** OTLP/JSON of what is around the record: its resource and scope. Items of one group make one request. */
  readonly group: Group;
  /** Called once: the collector took it (true), or it is lost (false). */
  readonly settle?: (taken: boolean) => void;
}

/** Compared by identity. */
export interface Group {
  /** `"resource":{…}` */
  readonly resource: string;
  /** `"scope":{…}` */
  readonly scope: string;
}

export interface Batch {
  readonly sequence: number;
  /** UTF-8 bytes of the message that it makes, at most. */
  readonly bytes: number;
  readonly items: readonly Item[];
  /** Sent on the present connection. */
  sent: boolean;
}

export interface OutboxLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly maxBatchRecords: number;
  readonly maxBatchBytes: number;
}

export interface Dropped {
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Outbox {
  /** Records that are held in all. */
  readonly size: number;
  /** Records that were dropped for want of room, or given up. */
  readonly dropped: number;
  /** Batches that have a sequence, oldest first. */
  readonly batches: readonly Batch[];
  add(item: Item): void;
  /** The next batch that is to be sent: one from before the reconnect, else a new one; undefined where there is none. */
  next(window: number): Batch | undefined;
  /** Everything up to and including `sequence` is taken. */
  acknowledge(sequence: number): void;
  /** That one batch is refused for good. Says how many records that were. */
  refuse(sequence: number): number;
  /** All that was sent from `sequence` on is to be sent again. */
  resendFrom(sequence: number): void;
  /** Gives up everything. */
  clear(): void;
}

/** No batch makes a message longer than `maxMessageBytes()`; an item that would by itself is dropped. */
export function createOutbox(
  limits: OutboxLimits,
  maxMessageBytes: () => number,
  marker: (dropped: Dropped) => Item,
): Outbox {
  let waiting: Item[] = [];
  /** Where `waiting` begins: shifting 5,000 items one by one is what makes a buffer slow. */
  let head = 0;
  let batches: Batch[] = [];
  let size = 0;
  let bytes = 0;
  let lastSequence = 0;
  /** Not yet said in a marker record. */
  let unsaid: Dropped | undefined;
  let dropped = 0;

  const release = (items: readonly Item[], taken: boolean): void => {
    for (const item of items) {
      size--;
      bytes -= item.bytes;
      item.settle?.(taken);
    }
  };
  const drop = (item: Item): void => {
    release([item], false);
    dropped++;
    unsaid = {
      count: (unsaid?.count ?? 0) + 1,
      fromMs: Math.min(unsaid?.fromMs ?? item.timeMs, item.timeMs),
      toMs: Math.max(unsaid?.toMs ?? item.timeMs, item.timeMs),
    };
  };
  const takeWaiting = (): Item | undefined => {
    const item = waiting[head];
    if (item === undefined) return undefined;
    head++;
    if (head > 1_024 && head * 2 > waiting.length) {
      waiting = waiting.slice(head);
      head = 0;
    }
    return item;
  };
  const fill = (): { items: Item[]; total: number } => {
    const items: Item[] = [];
    let total = envelopeBytes;
    const most = Math.min(limits.maxBatchBytes, maxMessageBytes());
    if (unsaid !== undefined) {
      const item = marker(unsaid);
      unsaid = undefined;
      size++;
      bytes += item.bytes;
      total += item.bytes;
      items.push(item);
    }
    while (items.length < limits.maxBatchRecords) {
      const item = waiting[head];
      if (item === undefined) break;
      const needed = total + item.bytes + groupBytes(item.group);
      if (needed > most && items.length > 0) break;
      takeWaiting();
      // Longer than any message may be: not even alone.
      if (needed > maxMessageBytes()) drop(item);
      else {
        items.push(item);
        total = needed;
      }
    }
    return { items, total };
  };

  return {
    get size() {
      return size;
    },
    get dropped() {
      return dropped;
    },
    get batches() {
      return batches;
    },
    add(item) {
      waiting.push(item);
      size++;
      bytes += item.bytes;
      while ((size > limits.maxRecords || bytes > limits.maxBytes) && waiting.length > head) {
        const oldest = takeWaiting();
        if (oldest !== undefined) drop(oldest);
      }
    },
    next(window) {
      const again = batches.find(({ sent }) => !sent);
      if (again !== undefined) return batches.indexOf(again) < window ? again : undefined;
      if (batches.length >= window) return undefined;
      let { items, total } = fill();
      // All that waited was too long: what is left is to say so.
      if (items.length === 0 && unsaid !== undefined) ({ items, total } = fill());
      if (items.length === 0) return undefined;
      const batch: Batch = { sequence: ++lastSequence, bytes: total, items, sent: false };
      batches.push(batch);
      return batch;
    },
    acknowledge(sequence) {
      const taken = batches.filter((batch) => batch.sequence <= sequence);
      batches = batches.slice(taken.length);
      for (const batch of taken) release(batch.items, true);
    },
    refuse(sequence) {
      const refused = batches.find((batch) => batch.sequence === sequence);
      if (refused === undefined) return 0;
      batches = batches.filter((batch) => batch !== refused);
      release(refused.items, false);
      return refused.items.length;
    },
    resendFrom(sequence) {
      for (const batch of batches) if (batch.sequence >= sequence) batch.sent = false;
    },
    clear() {
      dropped += size;
      const items = [...batches.flatMap((batch) => batch.items), ...waiting.slice(head)];
      batches = [];
      waiting = [];
      head = 0;
      release(items, false);
    },
  };
}

/** Bytes of an `export` message around its request: protocol, meta with ids of the usual lengths, and to spare. */
const envelopeBytes = 512;

function groupBytes(group: Group): number {
  return group.resource.length * 3 + group.scope.length * 3 + 64;
}

/** A batch's ExportLogsServiceRequest as JSON; neighbours of one group share their resource and scope. */
export function requestOf({ items }: Batch): string {
  const parts: string[] = [];
  for (let start = 0; start < items.length; ) {
    const { group } = items[start] as Item;
    let end = start;
    const texts: string[] = [];
    while (items[end]?.group === group) texts.push((items[end++] as Item).text);
    parts.push(`{${group.resource},"scopeLogs":[{${group.scope},"logRecords":[${texts.join(",")}]}]}`);
    start = end;
  }
  return `{"resourceLogs":[${parts.join(",")}]}`;
}
