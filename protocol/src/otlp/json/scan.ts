// The inner loops over a JSON string's bytes.

/** Where the run of plain characters that begins at `at` ends: at a quote, a backslash, a control character, a byte that is not ASCII, or the end. */
export function endOfPlainText(bytes: Uint8Array, view: DataView, at: number): number {
  const limit = bytes.length - 3;
  let pos = at;
  for (; pos < limit; pos += 4) {
    const word = view.getInt32(pos, true);
    const quotes = word ^ 0x22222222;
    const backslashes = word ^ 0x5c5c5c5c;
    // A byte that is 0 sets its highest bit in (x - 1) & ~x; one below 0x20 in (x - 0x20) & ~x.
    const special =
      ((quotes - 0x01010101) & ~quotes) |
      ((backslashes - 0x01010101) & ~backslashes) |
      ((word - 0x20202020) & ~word) |
      word;
    if ((special & 0x80808080) !== 0) break;
  }
  for (; pos < bytes.length; pos++) {
    const code = bytes[pos]!;
    if (code === 0x22 || code === 0x5c || code < 0x20 || code > 127) return pos;
  }
  return pos;
}
