// Values as they are at this moment, for the time until the part of the client is there that reads them: data is copied
// within bounds. What is not data (errors, elements, dates, buffers, functions) is kept, and read then.

/** An array or object of more items is not copied, and no more than this are in one call. */
const maxKeys = 1_000;

/** `values` with every array, plain object, class instance, Map and Set in them copied. Never throws. */
export function copyValues(values: readonly unknown[], depth: number, items: number): readonly unknown[] {
  const copies = new Map<object, object>();
  let left = maxKeys;

  const copy = (value: unknown, level: number): unknown => {
    if (typeof value !== "object" || !value || level > depth || left < 0) return value;
    try {
      return copies.get(value) ?? copyObject(value, level);
    } catch {
      // A proxy whose traps throw: whoever reads it later says so.
      copies.set(value, value);
      return value;
    }
  };
  const copyObject = (object: object, level: number): object => {
    const isArray = Array.isArray(object);
    if (isArray && object.length > maxKeys) return object;
    if (object instanceof Map || object instanceof Set) {
      if (object.size > items) return object;
      const made: Map<unknown, unknown> | Set<unknown> = object instanceof Map ? new Map() : new Set();
      copies.set(object, made);
      for (const [key, value] of object.entries()) {
        if (made instanceof Map) made.set(copy(key, level + 1), copy(value, level + 1));
        else made.add(copy(value, level + 1));
      }
      return made;
    }
    // What has a text of its own (toJSON) may need more than its properties for it.
    const isPlain = Object.prototype.toString.call(object) === "[object Object]" && !("toJSON" in object);
    const keys: PropertyKey[] = Object.keys(isArray ? object.slice(0, items) : isPlain ? object : []);
    if ((!isArray && !isPlain) || keys.length > maxKeys || object === globalThis) return object;
    const made: object = isArray ? new Array(object.length) : Object.create(Object.getPrototypeOf(object));
    copies.set(object, made);
    for (const key of isArray ? keys : keys.concat(Object.getOwnPropertySymbols(object))) {
      const { get, enumerable } = Object.getOwnPropertyDescriptor(object, key) ?? {};
      if (!enumerable) continue;
      left--;
      const property: PropertyDescriptor = { enumerable };
      try {
        property.value = copy((object as { [key: PropertyKey]: unknown })[key], level + 1);
      } catch (error) {
        if (!get) throw error;
        property.get = () => {
          throw error;
        };
      }
      Object.defineProperty(made, key, property);
    }
    return made;
  };
  return values.map((value) => copy(value, 1));
}
