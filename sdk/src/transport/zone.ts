// Zone.js (Angular's) takes each timer and socket that is made in the app's zone for the app's work, and has every view
// looked at after it. What these would log makes more such work, without end. So ours is made outside of that zone.

interface Zones {
  readonly Zone?: { readonly root?: { run?<Result>(work: () => Result): Result } };
}

/** What `work` makes is nobody's. */
export function outside<Result>(work: () => Result): Result {
  const { root } = (globalThis as Zones).Zone ?? {};
  return root?.run ? root.run(work) : work();
}
