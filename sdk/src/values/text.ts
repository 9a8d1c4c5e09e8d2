// Strings from an app, made short and well-formed.

/** At most `length` units of a text, then how many are missing. Lone surrogates become U+FFFD. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return wellFormed(text);
  return `${wellFormed(text.slice(0, length))}… (+${text.length - length} chars)`;
}

/** JSON keeps half of a surrogate pair, UTF-8 has none, and one such string would spoil a whole request. */
export function wellFormed(text: string): string {
  if (!/[\ud800-\udfff]/.test(text)) return text;
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
    found.length === 2 ? found : "\ufffd",
  );
}

export function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}

/** A key of an object as it is written in code. */
export function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key);
}

export function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The name of an object's class; "" where it has no prototype. Throws where a proxy does. */
export function className(object: object): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === null) return "";
  const made = (prototype as { constructor?: unknown }).constructor;
  const name = typeof made === "function" ? (made as { name: unknown }).name : undefined;
  return typeof name === "string" && name !== "" ? cut(name, 256) : "Object";
}
