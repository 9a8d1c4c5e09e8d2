// Objects that are better named than opened: dates, DOM nodes, events, requests, buffers, boxed primitives.

import { className, cut } from "./text.ts";

/** The text of such an object; undefined where its contents say more. May throw (proxies). */
export function describeHost(object: object, tag: string, inspect: (value: unknown) => string): string | undefined {
  // Plain objects and class instances, nearly all there is.
  if (tag === "Object" || tag === "Array") return object === globalThis ? "[Window]" : undefined;
  if (tag === "Date") {
    const time = Date.prototype.getTime.call(object);
    return Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString();
  }
  if (tag === "RegExp") return cut(RegExp.prototype.toString.call(object), 1024);
  if (/Buffer$|^DataView$/.test(tag)) return `${tag}(${(object as ArrayBuffer).byteLength})`;
  if (tag === "URL") return cut(String((object as URL).href), 2048);
  if (/^(Blob|File)$/.test(tag))
    return `${tag}(${(object as Blob).size}, ${cut((object as Blob).type || "no type", 256)})`;
  if (/^(Number|String|Boolean|BigInt|Symbol)$/.test(tag)) return `[${tag}: ${inspect(unbox(object, tag))}]`;
  if (object === globalThis || /^(Window|global)$/.test(tag)) return "[Window]";
  if (/Document$/.test(tag)) return "[Document]";
  // Headers, Request, Promise, WeakMap: nothing to be seen of them without using them.
  return describeDom(object) ?? (isClosed(object, tag) ? `[${tag}]` : undefined);
}

function isClosed(object: object, tag: string): boolean {
  return !/^(Map|Set|Error|DOMException)$|Array$/.test(tag) && Object.keys(object).length === 0;
}

function unbox(object: object, tag: string): unknown {
  const classes = globalThis as unknown as { [tag: string]: { prototype: object } };
  return classes[tag]?.prototype.valueOf.call(object);
}

/** By shape and not by class: a node may be of another frame. */
function describeDom(object: object): string | undefined {
  const { nodeType, nodeName, id, isTrusted, type, target } = object as Partial<Element & Event>;
  if (typeof nodeType === "number" && typeof nodeName === "string") {
    const name = cut(nodeName, 64).toLowerCase();
    if (nodeType !== 1) return `[${name}]`;
    const classes = (object as Element).getAttribute("class")?.trim();
    return `<${name}${id ? `#${cut(String(id), 64)}` : ""}${classes ? `.${cut(classes, 128).replace(/\s+/g, ".")}` : ""}>`;
  }
  if (typeof isTrusted !== "boolean" || typeof type !== "string") return undefined;
  const on = typeof target === "object" && target && (describeDom(target) ?? `[${className(target)}]`);
  return `[${className(object)} ${cut(type, 64)}${on ? ` target=${on}` : ""}]`;
}
