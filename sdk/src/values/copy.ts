// Values as they are at this moment, for the time until the part of the client is there that reads them: data is copied
// within bounds. What is not data (errors, elements, dates, buffers, functions) is kept, and read then.

/** Levels that are copied; what is deeper, few show. */
const maxDepth = 10;
/** An array or object of more items is not copied, and no more than this are in one call. */
const maxKeys = 1_000;

/** `values` with every array, plain object, class instance, Map and Set in them copied. Never throws. */
export function copyValues(values: readonly unknown[]): readonly unknown[] {
  const copies = new Map<object, object>();
  let left = maxKeys;

  const copy = (value: unknown, level: number): unknown => {
    if (typeof value !== "object" || !value || level > maxDepth || left < 0) return value;
    try {
      return copies.get(value) ?? copyObject(value, level + 1);
    } catch {
      // A getter or a proxy's trap that throws: whoever reads it later says so.
      copies.set(value, value);
      return value;
    }
  };
  const copyObject = (object: object, level: number): object => {
    const kind = Object.prototype.toString.call(object);
    const isMap = object instanceof Map;
    const isArray = Array.isArray(object);
    if (isMap || object instanceof Set) {
      if (object.size > maxKeys) return object;
      const made = isMap ? new Map() : new Set();
      copies.set(object, made);
      for (const [key, value] of object.entries()) {
        left--;
        if (made instanceof Map) made.set(copy(key, level), copy(value, level));
        else made.add(copy(value, level));
      }
      return made;
    }
    // What has a text of its own (toJSON) may need more than its properties for it.
    if (isArray ? object.length > maxKeys : kind !== "[object Object]" || "toJSON" in object || object === globalThis)
      return object;
    const keys: PropertyKey[] = Object.keys(object);
    if (keys.length > maxKeys) return object;
    const made: object = isArray ? new Array(object.length) : Object.create(Object.getPrototypeOf(object));
    copies.set(object, made);
    for (const key of isArray ? keys : keys.concat(Object.getOwnPropertySymbols(object))) {
      if (!Object.prototype.propertyIsEnumerable.call(object, key)) continue;
      left--;
      const value = copy((object as { [key: PropertyKey]: unknown })[key], level);
      Object.defineProperty(made, key, { enumerable: true, value });
    }
    return made;
  };
  return values.map((value) => copy(value, 1));
}
