// A bounded memory of numbers by number: the last `capacity` at least, twice as many at most. In typed arrays, because strings
// and objects that are kept for a second, a hundred thousand a second, are what a garbage collector is worst at.

/** Two numbers for each key. */
export interface RecentTable {
  /** Where a key is, until the next `set`; -1 where it is not. */
  find(key: number): number;
  firstAt(place: number): number;
  secondAt(place: number): number;
  /** `key` is a positive integer up to 2^53 - 1, spread evenly, as a part of a good hash is. */
  set(key: number, first: number, second: number): void;
  delete(key: number): void;
}

interface Generation {
  /** 0: free. */
  readonly keys: Float64Array;
  /** NaN: deleted. */
  readonly firsts: Float64Array;
  readonly seconds: Float64Array;
  count: number;
}

export function createRecentTable(capacity: number): RecentTable {
  // Half full at most, so that a search ends after a step or two.
  const size = 2 ** Math.ceil(Math.log2(capacity * 2));
  let current = createGeneration(size);
  let previous = createGeneration(size);

  /** Where the key is, or the free place where it would be. */
  function search({ keys }: Generation, key: number): number {
    let place = key % size;
    while (keys[place] !== 0 && keys[place] !== key) place = place + 1 === size ? 0 : place + 1;
    return place;
  }

  function holds({ keys, firsts }: Generation, place: number, key: number): boolean {
    return keys[place] === key && !Number.isNaN(firsts[place]);
  }

  function remove(generation: Generation, key: number): void {
    const place = search(generation, key);
    if (generation.keys[place] === key) generation.firsts[place] = Number.NaN;
  }

  return {
    find(key) {
      const place = search(current, key);
      if (holds(current, place, key)) return place;
      const older = search(previous, key);
      return holds(previous, older, key) ? size + older : -1;
    },
    firstAt: (place) => (place < size ? current.firsts[place]! : previous.firsts[place - size]!),
    secondAt: (place) => (place < size ? current.seconds[place]! : previous.seconds[place - size]!),
    set(key, first, second) {
      if (current.count >= capacity) {
        const emptied = previous;
        emptied.keys.fill(0);
        emptied.count = 0;
        previous = current;
        current = emptied;
      }
      const place = search(current, key);
      if (current.keys[place] === 0) current.count++;
      current.keys[place] = key;
      current.firsts[place] = first;
      current.seconds[place] = second;
    },
    delete(key) {
      remove(current, key);
      remove(previous, key);
    },
  };
}

function createGeneration(size: number): Generation {
  return { keys: new Float64Array(size), firsts: new Float64Array(size), seconds: new Float64Array(size), count: 0 };
}
