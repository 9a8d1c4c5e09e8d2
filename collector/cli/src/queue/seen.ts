// Which events have been shown, by id; bounded.

/** The queue holds some thousand events; ids of 36 characters, so this is about 10 MB at most. */
const maxIds = 100_000;

export interface Seen {
  /** True the first time. */
  isNew(id: string): boolean;
}

export function createSeen(limit: number = maxIds): Seen {
  const ids = new Set<string>();
  return {
    isNew(id) {
      if (ids.has(id)) return false;
      ids.add(id);
      if (ids.size > limit) for (const oldest of ids) return ids.delete(oldest);
      return true;
    },
  };
}
