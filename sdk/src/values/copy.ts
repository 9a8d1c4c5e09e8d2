// A body that somebody gave to the OTel API: a bounded copy, so that neither a later change, nor a cycle, nor a
// million items reach what sends it. What is no OTel value becomes the text that the console would show.

import type { AnyValue } from "@opentelemetry/api";
import type { Budget } from "./inspect.ts";
import { createBudget, inspect } from "./inspect.ts";
import type { ValueLimits } from "./limits.ts";
import { cut } from "./text.ts";

/** Never throws. */
export function copyBody(body: AnyValue, limits: ValueLimits): AnyValue {
  if (typeof body === "string") return cut(body, Math.floor(limits.recordLength / 2));
  return copy(body, createBudget(limits), limits.depth);
}

function copy(value: unknown, budget: Budget, depth: number): AnyValue {
  if (value instanceof Uint8Array) return value.slice(0, budget.limits.stringLength);
  if (typeof value !== "object" || value === null || depth === 0 || !isPlain(value)) {
    return value === undefined ? undefined : inspect(value, budget).value;
  }
  if (--budget.nodes < 0) return "…";
  if (Array.isArray(value)) {
    return value.slice(0, budget.limits.items).map((item) => copy(item, budget, depth - 1));
  }
  const copied: { [key: string]: AnyValue } = Object.create(null);
  for (const key of Object.keys(value).slice(0, budget.limits.items)) {
    copied[cut(key, 256)] = copyProperty(value, key, budget, depth);
  }
  return copied;
}

function copyProperty(object: object, key: string, budget: Budget, depth: number): AnyValue {
  try {
    return copy((object as { [key: string]: unknown })[key], budget, depth - 1);
  } catch {
    return "[Unreadable]";
  }
}

function isPlain(value: object): boolean {
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return Array.isArray(value) || prototype === null || prototype === Object.prototype;
  } catch {
    return false;
  }
}
