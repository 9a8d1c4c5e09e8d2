// Any JavaScript value, read once within a budget: as text for people and as plain data for OTLP.
// No input throws. Depth bounds the recursion, `nodes` bounds the work.

import { isError, ownErrorKeys, readError } from "./error.ts";
import { describeHost } from "./host.ts";
import type { ValueLimits } from "./limits.ts";
import type { Inspected, SafeValue } from "./safe.ts";
import { same } from "./safe.ts";
import { className, cut, keyText, numberText, quote } from "./text.ts";

/** What is left to read for one record. */
export interface Budget {
  readonly limits: ValueLimits;
  nodes: number;
  chars: number;
  /** The objects around the present one, outermost first, and the way to each: `$`, `.a`, `[0]`. */
  readonly parents: unknown[];
  readonly path: string[];
}

export function createBudget(limits: ValueLimits): Budget {
  // The text and the data each take about a third of a record; the rest is stack, keys and JSON's own signs.
  return { limits, nodes: limits.nodes, chars: limits.recordLength / 3, parents: [], path: [] };
}

export function inspect(value: unknown, budget: Budget, step = "$"): Inspected {
  if (--budget.nodes < 0 || budget.chars < 0) return same("…");
  switch (typeof value) {
    case "string": {
      const text = cut(value, Math.min(budget.limits.stringLength, Math.max(budget.chars, 16)));
      budget.chars -= text.length;
      return { text: quote(text), value: text };
    }
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? { text: String(value), value }
        : marked(numberText(value));
    case "boolean":
      return { text: String(value), value };
    case "undefined":
      return marked("undefined");
    case "bigint":
    case "symbol":
      return same(primitiveText(value));
    case "function":
      return same(functionText(value));
    default:
      return value === null ? { text: "null", value } : inspectObject(value as object, budget, step);
  }
}

function marked(text: string): Inspected {
  return { text, value: `[${text}]` };
}

function primitiveText(value: bigint | symbol): string {
  return typeof value === "bigint" ? `${cut(String(value), 256)}n` : cut(String(value), 256);
}

function functionText(value: unknown): string {
  try {
    const { name } = value as { name: unknown };
    const known = typeof name === "string" && name !== "" ? cut(name, 256) : "";
    if (/^class\b/.test(Function.prototype.toString.call(value))) return `[class ${known || "(anonymous)"}]`;
    return known === "" ? "[Function]" : `[Function: ${known}]`;
  } catch {
    return "[Function]";
  }
}

function inspectObject(object: object, budget: Budget, step: string): Inspected {
  const { parents, path, limits } = budget;
  const seen = parents.indexOf(object);
  if (seen >= 0) return same(`[Circular ${path.slice(0, seen + 1).join("")}]`);
  parents.push(object);
  path.push(step);
  try {
    return describeHost(object) ?? (parents.length > limits.depth ? same(closed(object)) : open(object, budget));
  } catch {
    // Only an object that is not an ordinary one gets here: a proxy whose traps throw, or a revoked one.
    return same("[Proxy: unreadable]");
  } finally {
    parents.pop();
    path.pop();
  }
}

/** An object too deep to open. */
function closed(object: object): string {
  if (Array.isArray(object)) return `[Array(${object.length})]`;
  return `[${className(object) || "Object"}]`;
}

function open(object: object, budget: Budget): Inspected {
  if (Array.isArray(object)) return inspectArray(object, budget);
  if (isError(object)) return inspectError(object, budget);
  // By its tag, because `instanceof` fails for an object of another frame.
  switch (Object.prototype.toString.call(object)) {
    case "[object Map]":
      return inspectMap(object as Map<unknown, unknown>, budget);
    case "[object Set]":
      return inspectSet(object as Set<unknown>, budget);
  }
  if (ArrayBuffer.isView(object) && "length" in object) return inspectTyped(object as Uint8Array, budget);
  return fromToJson(object, budget) ?? inspectKeys(object, prefixOf(object), budget);
}

/** Items, as far as the limit goes, then how many are missing. */
function fill(length: number, limit: number, add: (index: number) => void, more: (text: string) => void): void {
  const shown = Math.min(length, limit);
  for (let index = 0; index < shown; index++) add(index);
  if (length > shown) more(`… ${length - shown} more`);
}

function inspectArray(array: readonly unknown[], budget: Budget): Inspected {
  const texts: string[] = [];
  const values: SafeValue[] = [];
  const add = (item: Inspected): void => {
    texts.push(item.text);
    values.push(item.value);
  };
  fill(
    array.length,
    budget.limits.items,
    (index) => add(index in array ? child(array, index, `[${index}]`, budget) : { text: "<empty>", value: null }),
    (text) => add(same(text)),
  );
  return { text: `[${texts.join(", ")}]`, value: values };
}

function inspectTyped(array: Uint8Array, budget: Budget): Inspected {
  const shown = Array.from(array.subarray(0, 10), (item) => inspect(item, budget));
  const texts = shown.map(({ text }) => text);
  if (array.length > 10) texts.push(`… ${array.length - 10} more`);
  const text = `${className(array)}(${array.length}) [${texts.join(", ")}]`;
  return same(text);
}

function inspectMap(map: Map<unknown, unknown>, budget: Budget): Inspected {
  const texts: string[] = [];
  const values: SafeValue[] = [];
  const entries = Map.prototype.entries.call(map);
  const size = Reflect.get(Map.prototype, "size", map) as number;
  fill(
    size,
    budget.limits.items,
    (index) => {
      const entry = entries.next().value as [unknown, unknown];
      const key = inspect(entry[0], budget, `{key ${index}}`);
      const value = inspect(entry[1], budget, `{${key.text.slice(0, 40)}}`);
      texts.push(`${key.text} => ${value.text}`);
      values.push([key.value, value.value]);
    },
    (text) => {
      texts.push(text);
      values.push(text);
    },
  );
  return { text: `Map(${size}) ${braces(texts)}`, value: values };
}

function inspectSet(set: Set<unknown>, budget: Budget): Inspected {
  const texts: string[] = [];
  const values: SafeValue[] = [];
  const entries = Set.prototype.values.call(set);
  const size = Reflect.get(Set.prototype, "size", set) as number;
  const add = (item: Inspected): void => {
    texts.push(item.text);
    values.push(item.value);
  };
  fill(
    size,
    budget.limits.items,
    (index) => add(inspect(entries.next().value, budget, `{${index}}`)),
    (text) => add(same(text)),
  );
  return { text: `Set(${size}) ${braces(texts)}`, value: values };
}

function inspectError(error: object, budget: Budget): Inspected {
  const { type, message, stack } = readError(error, budget.limits);
  const value: { [key: string]: SafeValue } = { type, message };
  if (stack) value.stack = stack;
  budget.chars -= message.length + (stack?.length ?? 0);
  const texts: string[] = [];
  for (const key of ownErrorKeys(error)) {
    const item = child(error, key, `.${key}`, budget);
    define(value, key, item.value);
    texts.push(`${keyText(key)}: ${item.text}`);
  }
  const head = message === "" ? type : `${type}: ${message}`;
  return { text: texts.length === 0 ? `[${head}]` : `[${head} ${braces(texts)}]`, value };
}

function inspectKeys(object: object, prefix: string, budget: Budget): Inspected {
  const texts: string[] = [];
  const value: { [key: string]: SafeValue } = {};
  const keys = Object.keys(object);
  fill(
    keys.length,
    budget.limits.items,
    (index) => {
      const key = keys[index] as string;
      const item = child(object, key, `.${key.slice(0, 40)}`, budget);
      const shown = cut(key, 256);
      budget.chars -= shown.length;
      define(value, shown, item.value);
      texts.push(`${keyText(shown)}: ${item.text}`);
    },
    (text) => {
      texts.push(text);
      define(value, "…", text);
    },
  );
  for (const symbol of Object.getOwnPropertySymbols(object).slice(0, budget.limits.items)) {
    if (!Object.prototype.propertyIsEnumerable.call(object, symbol)) continue;
    const item = child(object, symbol, "[Symbol]", budget);
    define(value, String(symbol), item.value);
    texts.push(`[${cut(String(symbol), 256)}]: ${item.text}`);
  }
  return { text: `${prefix}${braces(texts)}`, value };
}

/** A property's value. Its getter may throw, which is then what is known of it. */
function child(object: object, key: PropertyKey, step: string, budget: Budget): Inspected {
  let value: unknown;
  try {
    value = (object as { [key: PropertyKey]: unknown })[key];
  } catch (error) {
    // A proxy that lets nobody see its keys is one unreadable thing, an accessor that throws is one property.
    if (Reflect.getOwnPropertyDescriptor(object, key)?.get === undefined) throw error;
    return same(`[Threw: ${thrownText(error)}]`);
  }
  return inspect(value, budget, step);
}

function thrownText(error: unknown): string {
  try {
    return cut(String((error as { message?: unknown }).message ?? typeof error), 256);
  } catch {
    return "an error";
  }
}

/** What the object says of itself, where it does. Once, and not if it says that it is itself. */
function fromToJson(object: object, budget: Budget): Inspected | undefined {
  try {
    const { toJSON } = object as { toJSON?: unknown };
    if (typeof toJSON !== "function") return undefined;
    const said: unknown = toJSON.call(object);
    if (said === object || said === undefined) return undefined;
    return typeof said === "object" && said !== null && !Array.isArray(said)
      ? inspectKeys(said, prefixOf(object), budget)
      : inspect(said, budget);
  } catch {
    return undefined;
  }
}

/** An own property, whatever the key: `__proto__` is only a name here. */
function define(target: object, key: string, value: SafeValue): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function braces(texts: readonly string[]): string {
  return texts.length === 0 ? "{}" : `{ ${texts.join(", ")} }`;
}

function prefixOf(object: object): string {
  const name = className(object);
  return name === "" ? "[null proto] " : name === "Object" ? "" : `${name} `;
}
