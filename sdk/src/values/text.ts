// How values are written.

import { cut } from "./cut.ts";

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

/** The name of an object's class, "Object" where it has none; "" without a prototype. Throws where a proxy does. */
export function className(object: object): string {
  const prototype = Object.getPrototypeOf(object) as { constructor?: { name?: unknown } } | null;
  if (prototype === null) return "";
  const name = prototype.constructor?.name;
  return (typeof name === "string" && cut(name, 256)) || "Object";
}

/** `Map`, `Date`, `HTMLDivElement`: what it is, also where it is of another frame and `instanceof` does not know it. */
export function tagOf(object: unknown): string {
  return Object.prototype.toString.call(object).slice(8, -1);
}
