// A bounded memory of keys: the last `capacity` at least, twice as many at most. Two generations instead of a list, so that
// forgetting costs nothing per key.

export interface RecentKeys {
  has(key: string): boolean;
  add(key: string): void;
  /** For what was added too early. */
  delete(key: string): void;
}

export function createRecentKeys(capacity: number): RecentKeys {
  let current = new Set<string>();
  let previous = new Set<string>();
  return {
    has: (key) => current.has(key) || previous.has(key),
    add(key) {
      if (current.size >= capacity) {
        previous = current;
        current = new Set();
      }
      current.add(key);
    },
    delete(key) {
      current.delete(key);
      previous.delete(key);
    },
  };
}
