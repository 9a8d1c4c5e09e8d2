// Any JavaScript value, read once within a budget: as text for people and as plain data for OTLP.
// No input throws. Depth bounds the recursion, `nodes` bounds the work.

import { cut } from "./cut.ts";
import { isError, ownErrorKeys, readError } from "./error.ts";
import { describeHost } from "./host.ts";
import type { ValueLimits } from "./limits.ts";
import type { Inspected, SafeValue } from "./safe.ts";
import { same } from "./safe.ts";
import { className, keyText, numberText, quote, tagOf } from "./text.ts";

/** What is left to read for one record. */
export interface Budget {
  readonly limits: ValueLimits;
  nodes: number;
  chars: number;
  /** Stacks: an engine makes the text of one when it is read, and that takes it longer than a hundred other values. */
  stacks: number;
  /** The objects around the present one, outermost first, and the way to each: `$`, `.a`, `[0]`. */
  readonly parents: unknown[];
  readonly path: string[];
}

export function createBudget(limits: ValueLimits): Budget {
  // The text and the data each take about a third of a record; the rest is stack, keys and JSON's own signs.
  return { limits, nodes: limits.nodes, chars: limits.recordLength / 3, stacks: limits.causes, parents: [], path: [] };
}

export function inspect(value: unknown, budget: Budget, step = "$"): Inspected {
  if (--budget.nodes < 0 || budget.chars < 0) return same("…");
  switch (typeof value) {
    case "string": {
      const text = cut(value, Math.min(budget.limits.stringLength, budget.chars));
      budget.chars -= text.length;
      return { text: quote(text), value: text };
    }
    case "number": {
      const text = numberText(value);
      return { text, value: JSON.stringify(value) === text ? value : `[${text}]` };
    }
    case "bigint":
      return same(`${cut(String(value), 256)}n`);
    case "symbol":
      return same(cut(String(value), 256));
    case "undefined":
      return { text: "undefined", value: "[undefined]" };
    case "boolean":
      return { text: String(value), value };
    default:
      return value === null ? { text: "null", value } : inspectObject(value as object, budget, step);
  }
}

function inspectObject(object: object, budget: Budget, step: string): Inspected {
  const { parents, path, limits } = budget;
  const seen = parents.indexOf(object);
  if (seen >= 0) return same(`[Circular ${path.slice(0, seen + 1).join("")}]`);
  parents.push(object);
  path.push(step);
  try {
    if (typeof object === "function") return same(functionText(object));
    const tag = tagOf(object);
    const text = describe(object, tag, budget);
    if (text !== undefined) return same(cut(text, 2_048));
    if (parents.length <= limits.depth) return fromToJson(object, budget) ?? open(object, object, tag, budget);
    return same(Array.isArray(object) ? `[Array(${object.length})]` : `[${className(object) || "Object"}]`);
  } catch {
    // Only an object that is not an ordinary one gets here: a proxy whose traps throw, or a revoked one.
    return same("[Proxy: unreadable]");
  } finally {
    parents.pop();
    path.pop();
  }
}

/** A tag may lie; then the object is as any other. */
function describe(object: object, tag: string, budget: Budget): string | undefined {
  try {
    return describeHost(object, tag, (value) => inspect(value, budget).text);
  } catch {
    return undefined;
  }
}

function functionText(made: { readonly name: unknown }): string {
  const isClass = /^class\b/.test(Function.prototype.toString.call(made));
  const name = typeof made.name === "string" && cut(made.name, 256);
  return `[${isClass ? "class" : "Function"}${name ? (isClass ? " " : ": ") + name : ""}]`;
}

/** What the object says of itself, where it does. Once, and not if it says that it is itself. */
function fromToJson(object: object, budget: Budget): Inspected | undefined {
  try {
    const { toJSON } = object as { toJSON?: unknown };
    if (typeof toJSON !== "function") return undefined;
    const said: unknown = toJSON.call(object);
    if (said === object || said === undefined) return undefined;
    return tagOf(said as object) === "Object" ? open(said as object, object, "Object", budget) : inspect(said, budget);
  } catch {
    return undefined;
  }
}

/** The contents of `object`, under the class name of `named`. */
function open(object: object, named: object, tag: string, budget: Budget): Inspected {
  const { items } = budget.limits;
  const texts: string[] = [];
  const list: SafeValue[] = [];
  const fields: { [key: string]: SafeValue } = {};
  const add = ({ text, value }: Inspected, before = "", key?: string): void => {
    texts.push(before + text);
    // An own property, whatever the key: `__proto__` is only a name here.
    if (key === undefined) list.push(value);
    else Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  };
  /** Says what is missing of `size`. */
  const more = (size: number, key?: string): void => {
    if (size > items) add(same(`… ${size - items} more`), "", key);
  };
  const braces = (): string => (texts.length === 0 ? "{}" : `{ ${texts.join(", ")} }`);

  if (Array.isArray(object) || (ArrayBuffer.isView(object) && "length" in object)) {
    const array = object as readonly unknown[];
    for (let index = 0; index < array.length && index < items; index++) {
      add(index in array ? child(array, index, `[${index}]`, budget) : { text: "<empty>", value: null });
    }
    more(array.length);
    const name = Array.isArray(object) ? "" : `${tag}(${array.length}) `;
    return { text: `${name}[${texts.join(", ")}]`, value: list };
  }
  const { size } = object as Set<unknown>;
  if (/^(Map|Set)$/.test(tag) && typeof size === "number") {
    for (const entry of object as Iterable<unknown>) {
      if (list.length === items) break;
      const [key, value] = tag === "Map" ? (entry as [unknown, unknown]) : [undefined, entry];
      const shown = inspect(key, budget, "{key}");
      const item = inspect(value, budget, `{${tag === "Map" ? shown.text.slice(0, 40) : list.length}}`);
      if (tag === "Map") add({ text: item.text, value: [shown.value, item.value] }, `${shown.text} => `);
      else add(item);
    }
    more(size);
    return { text: `${tag}(${size}) ${braces()}`, value: list };
  }
  const isFault = isError(object);
  let head = className(named);
  head = head === "" ? "[null proto] " : head === "Object" ? "" : `${head} `;
  if (isFault) {
    const { head: title, ...error } = readError(object, budget.limits, budget.stacks-- > 0);
    Object.assign(fields, error);
    budget.chars -= title.length + error.stack.length;
    head = title;
  }
  const keys: (string | symbol)[] = isFault ? ownErrorKeys(object) : Object.keys(object);
  const isShown = Object.prototype.propertyIsEnumerable;
  const symbols = Object.getOwnPropertySymbols(object).filter((symbol) => isShown.call(object, symbol));
  for (const key of keys.slice(0, items).concat(symbols.slice(0, items))) {
    const name = cut(String(key), 256);
    budget.chars -= name.length;
    const item = child(object, key, `.${name.slice(0, 40)}`, budget);
    add(item, `${typeof key === "symbol" ? `[${name}]` : keyText(name)}: `, name);
  }
  more(keys.length, "…");
  if (!isFault) return { text: head + braces(), value: fields };
  return { text: texts.length === 0 ? `[${head}]` : `[${head} ${braces()}]`, value: fields };
}

/** A property's value. Its getter may throw, which is then what is known of it. */
function child(object: object, key: PropertyKey, step: string, budget: Budget): Inspected {
  let value: unknown;
  try {
    value = (object as { [key: PropertyKey]: unknown })[key];
  } catch (error) {
    // A proxy that lets nobody see its keys is one unreadable thing, an accessor that throws is one property.
    if (!Reflect.getOwnPropertyDescriptor(object, key)?.get) throw error;
    return same(`[Threw: ${isError(error) ? readError(error, budget.limits).message : typeof error}]`);
  }
  return inspect(value, budget, step);
}
