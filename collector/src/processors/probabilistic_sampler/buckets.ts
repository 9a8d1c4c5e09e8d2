// The chance of a record: one of 16,384 buckets, the same that the OTel Collector's hash_seed mode gives it (FNV-1a of 32 bits
// over the seed, low byte first, and the bytes; its low 14 bits).

export const bucketCount = 16_384;

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

export function bucketOf(bytes: Uint8Array, seed: number): number {
  let hash = offsetBasis;
  for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((seed >>> shift) & 0xff), prime);
  for (const byte of bytes) hash = Math.imul(hash ^ byte, prime);
  return (hash >>> 0) & (bucketCount - 1);
}

/** Buckets below this one pass. */
export function thresholdOf(percentage: number): number {
  return Math.trunc(Math.min(percentage, 100) * (bucketCount / 100));
}
