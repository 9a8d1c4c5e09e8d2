// Objects that are better named than opened: dates, DOM nodes, events, requests, buffers, boxed primitives.

import type { Inspected } from "./safe.ts";
import { same } from "./safe.ts";
import { className, cut, numberText, quote } from "./text.ts";

/** The text of such an object; undefined where its keys say more. May throw (proxies). */
export function describeHost(object: object): Inspected | undefined {
  const tag = Object.prototype.toString.call(object).slice(8, -1);
  switch (tag) {
    case "Date": {
      const time = Date.prototype.getTime.call(object);
      return same(Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString());
    }
    case "RegExp":
      return same(cut(RegExp.prototype.toString.call(object), 1024));
    case "ArrayBuffer":
    case "SharedArrayBuffer":
    case "DataView":
      return same(`${tag}(${(object as ArrayBuffer).byteLength})`);
    case "URL":
      return same(cut(String((object as URL).href), 2048));
    case "Blob":
    case "File":
      return same(`${tag}(${(object as Blob).size}, ${cut((object as Blob).type || "no type", 256)})`);
    case "Promise":
    case "WeakMap":
    case "WeakSet":
    case "WeakRef":
    case "Headers":
    case "Request":
    case "Response":
    case "FormData":
    case "URLSearchParams":
    case "ReadableStream":
    case "Generator":
      return same(`[${tag}]`);
    case "Window":
    case "global":
      return same("[Window]");
    case "Number":
      return same(`[Number: ${numberText(Number.prototype.valueOf.call(object))}]`);
    case "String":
      return same(`[String: ${quote(cut(String.prototype.valueOf.call(object), 1024))}]`);
    case "Boolean":
      return same(`[Boolean: ${Boolean.prototype.valueOf.call(object)}]`);
    case "BigInt":
      return same(`[BigInt: ${cut(String(BigInt.prototype.valueOf.call(object)), 256)}n]`);
    case "Symbol":
      return same(`[Symbol: ${cut(String(Symbol.prototype.valueOf.call(object)), 256)}]`);
    default:
      return object === globalThis ? same("[Window]") : describeDom(object, tag);
  }
}

/** By shape and not by class: a node may be of another frame. Plain objects are asked nothing. */
function describeDom(object: object, tag: string): Inspected | undefined {
  if (tag === "Object" || tag === "Array") return undefined;
  const node = object as Partial<Element> & { target?: unknown; isTrusted?: unknown; type?: unknown };
  if (tag === "HTMLDocument" || tag === "Document" || tag === "XMLDocument") return same("[Document]");
  if (typeof node.nodeType === "number" && typeof node.nodeName === "string") return same(nodeText(node));
  if (typeof node.isTrusted === "boolean" && typeof node.type === "string") {
    const target = node.target;
    const on =
      typeof target === "object" && target !== null ? (describeHost(target)?.text ?? `[${className(target)}]`) : "";
    return same(`[${className(object)} ${cut(node.type, 64)}${on && ` target=${on}`}]`);
  }
  return undefined;
}

function nodeText(node: Partial<Element>): string {
  const name = cut(String(node.nodeName), 64).toLowerCase();
  if (node.nodeType !== 1) return `[${name}]`;
  const id = typeof node.id === "string" && node.id !== "" ? `#${cut(node.id, 64)}` : "";
  const classes = node.getAttribute?.("class")?.trim();
  return `<${name}${id}${classes ? `.${cut(classes, 128).replace(/\s+/g, ".")}` : ""}>`;
}
