// Merging is joining: two requests behind each other are one request with the resources of both. Nothing is joined before
// somebody asks for one run of bytes; who writes can write the pieces.

/** One run of bytes; the piece itself where there is one. */
export function join(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

export function sumOf<T>(parts: readonly T[], numberOf: (part: T) => number): number {
  let sum = 0;
  for (const part of parts) sum += numberOf(part);
  return sum;
}
