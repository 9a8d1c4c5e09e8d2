// Several streams as one, in the order of time.

export interface Timed {
  readonly timeMs: number;
}

interface Head<Item> {
  readonly item: Item;
  /** Of this source so far: a stream keeps its own order, whatever its clock says. */
  readonly atMs: number;
  readonly rest: Iterator<Item>;
}

/** Each source in its own order; between them the earlier one first. */
export function* mergeByTime<Item extends Timed>(sources: readonly Iterable<Item>[]): Generator<Item> {
  const heads: Head<Item>[] = [];
  const add = (rest: Iterator<Item>, lastMs: number) => {
    const { done, value } = rest.next();
    if (done !== true) heads.push({ item: value, atMs: Math.max(lastMs, value.timeMs), rest });
  };
  for (const source of sources) add(source[Symbol.iterator](), Number.NEGATIVE_INFINITY);
  while (heads.length > 0) {
    let first = 0;
    for (let index = 1; index < heads.length; index++) if (heads[index]!.atMs < heads[first]!.atMs) first = index;
    const [head] = heads.splice(first, 1);
    yield head!.item;
    add(head!.rest, head!.atMs);
  }
}
