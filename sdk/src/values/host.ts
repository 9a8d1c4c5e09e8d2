// Objects that are better named than opened: dates, DOM nodes, events, requests, buffers, boxed primitives.

import { className } from "./text.ts";

/** The text of such an object; undefined where its contents say more. May throw (proxies). */
export function describeHost(object: object, tag: string, inspect: (value: unknown) => string): string | undefined {
  // Plain objects and class instances, nearly all there is.
  if (/^(Object|Array|Map|Set|Error)$/.test(tag)) return object === globalThis ? "[Window]" : undefined;
  if (tag === "Date") {
    const time = Date.prototype.getTime.call(object);
    return Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString();
  }
  if (tag === "RegExp") return RegExp.prototype.toString.call(object);
  if (tag === "URL") return String(object);
  if (/Buffer$|^DataView$/.test(tag)) return `${tag}(${(object as ArrayBuffer).byteLength})`;
  if (/^(Blob|File)$/.test(tag)) return `${tag}(${(object as Blob).size}, ${(object as Blob).type})`;
  if (/^(Number|String|Boolean|BigInt|Symbol)$/.test(tag)) {
    const classes = globalThis as unknown as { [tag: string]: { prototype: object } };
    return `[${tag}: ${inspect(classes[tag]?.prototype.valueOf.call(object))}]`;
  }
  if (object === globalThis || /^(Window|global)$/.test(tag)) return "[Window]";
  if (/Document$/.test(tag)) return "[Document]";
  // Headers, Request, Promise, WeakMap: nothing to be seen of them without using them.
  const isEmpty = (): boolean => !/Exception$|Array$/.test(tag) && Object.keys(object).length === 0;
  return describeDom(object) ?? (isEmpty() ? `[${tag}]` : undefined);
}

/** By shape and not by class: a node may be of another frame. */
function describeDom(object: object): string | undefined {
  const { nodeType, nodeName, id, isTrusted, type, target } = object as Partial<Element & Event>;
  if (typeof nodeType === "number") {
    const name = String(nodeName).toLowerCase();
    const classes = nodeType === 1 && (object as Element).getAttribute("class")?.trim().replace(/\s+/g, ".");
    return nodeType === 1 ? `<${name}${id ? `#${id}` : ""}${classes ? `.${classes}` : ""}>` : `[${name}]`;
  }
  if (typeof isTrusted !== "boolean") return undefined;
  const on = target && (describeDom(target) ?? `[${className(target)}]`);
  return `[${className(object)} ${type}${on ? ` target=${on}` : ""}]`;
}
