// How many records a second leave one by one (flood.ts).

export interface RateLimits {
  /** Records of one text in a second; further ones are counted. */
  readonly identical: number;
  /** Records in a second before the places are looked at that they come from. */
  readonly burst: number;
  /** The same in the seconds after one that had more. */
  readonly sustained: number;
  /** Records of one place in a second past those; further ones are counted. */
  readonly perSite: number;
}

export const defaultRate: RateLimits = {
  // As many as show that it repeats, and how fast.
  identical: 10,
  // A list that is printed row by row is wanted; nobody reads 200 different lines a second for longer.
  burst: 2_000,
  sustained: 200,
  perSite: 20,
};
