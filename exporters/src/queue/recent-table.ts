// A bounded memory of rows of numbers by number: the last `capacity` at least, twice as many at most. In typed arrays, because
// strings and objects that are kept for a second, a hundred thousand a second, are what a garbage collector is worst at.

export interface RecentTable {
  /** Where a key is, until the next `set`; -1 where it is not. */
  find(key: number): number;
  valueAt(place: number, column: number): number;
  /** The key of a row with this number in a column; undefined where there is none. Looks at all of them. */
  keyWith(column: number, value: number): number | undefined;
  /** `key` is a positive integer up to 2^53 - 1, spread evenly, as a part of a good hash is. `row` is copied. */
  set(key: number, row: ArrayLike<number>): void;
  delete(key: number): void;
  clear(): void;
}

interface Generation {
  /** 0: free. */
  readonly keys: Float64Array;
  /** Row by row; NaN in the first column: deleted. */
  readonly values: Float64Array;
  count: number;
}

export function createRecentTable(capacity: number, columns: number): RecentTable {
  // Half full at most, so that a search ends after a step or two.
  const size = 2 ** Math.ceil(Math.log2(capacity * 2));
  let current = createGeneration(size, columns);
  let previous = createGeneration(size, columns);

  /** Where the key is, or the free place where it would be. */
  function search({ keys }: Generation, key: number): number {
    let place = key % size;
    while (keys[place] !== 0 && keys[place] !== key) place = place + 1 === size ? 0 : place + 1;
    return place;
  }

  function holds({ keys, values }: Generation, place: number, key: number): boolean {
    return keys[place] === key && !Number.isNaN(values[place * columns]);
  }

  function remove(generation: Generation, key: number): void {
    const place = search(generation, key);
    if (generation.keys[place] === key) generation.values[place * columns] = Number.NaN;
  }

  return {
    find(key) {
      const place = search(current, key);
      if (holds(current, place, key)) return place;
      const older = search(previous, key);
      return holds(previous, older, key) ? size + older : -1;
    },
    valueAt: (place, column) =>
      place < size ? current.values[place * columns + column]! : previous.values[(place - size) * columns + column]!,
    keyWith(column, value) {
      for (const generation of [current, previous]) {
        const { keys, values } = generation;
        for (let place = 0; place < size; place++) {
          if (values[place * columns + column] === value && keys[place] !== 0 && holds(generation, place, keys[place]!))
            return keys[place];
        }
      }
      return undefined;
    },
    set(key, row) {
      if (current.count >= capacity) {
        const emptied = previous;
        empty(emptied);
        previous = current;
        current = emptied;
      }
      const place = search(current, key);
      if (current.keys[place] === 0) current.count++;
      current.keys[place] = key;
      for (let column = 0; column < columns; column++) current.values[place * columns + column] = row[column]!;
    },
    delete(key) {
      remove(current, key);
      remove(previous, key);
    },
    clear() {
      empty(current);
      empty(previous);
    },
  };
}

function createGeneration(size: number, columns: number): Generation {
  return { keys: new Float64Array(size), values: new Float64Array(size * columns), count: 0 };
}

function empty(generation: Generation): void {
  generation.keys.fill(0);
  generation.count = 0;
}
