// Who this client is, and how long its texts are on the wire.

/** A UUID. `crypto.randomUUID` is missing on pages that are not secure, and all of `crypto` on Hermes. */
export function createClientId(): string {
  const made = globalThis.crypto?.randomUUID?.();
  if (made !== undefined) return made;
  return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => Math.floor(Math.random() * 16).toString(16));
}

/** What records are named after: 48 bits of the client's id. */
export function shortId(clientId: string): string {
  return clientId.replace(/-/g, "").slice(0, 12);
}

/** UTF-8 bytes of a well-formed text. */
export function utf8Length(text: string): number {
  if (!/[^\0-\x7f]/.test(text)) return text.length;
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // Two bytes from U+0080, three from U+0800; each half of a surrogate pair is two of its four.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}
