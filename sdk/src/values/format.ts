// A console call's arguments as one text, by the console's own rules, with the data beside it.

import { cut } from "./cut.ts";
import { isError } from "./error.ts";
import { createBudget, inspect } from "./inspect.ts";
import type { ValueLimits } from "./limits.ts";
import type { SafeValue } from "./safe.ts";
import { tableText } from "./table.ts";
import { numberText } from "./text.ts";

export interface Formatted {
  readonly text: string;
  /** The first argument, where the others were put into it. */
  readonly template?: string | undefined;
  /** The arguments (those after the template) as data; absent where the text says it all. */
  readonly values?: readonly SafeValue[] | undefined;
  /** The first Error among the arguments. */
  readonly error?: object | undefined;
}

/** Never throws, whatever the arguments are. */
export function formatArguments(args: readonly unknown[], limits: ValueLimits): Formatted {
  const first = args[0];
  // Most calls are one string.
  if (args.length === 1 && typeof first === "string") return { text: cut(first, limits.stringLength) };
  const template = args.length > 1 && typeof first === "string" && /%[sdifoOjc%]/.test(first) ? first : undefined;
  const shown = args.slice(template === undefined ? 0 : 1, limits.args);
  const budget = createBudget(limits);
  const values: SafeValue[] = [];
  const texts: string[] = [];
  let error: object | undefined;
  let next = 0;

  const keep = (value: unknown): string => {
    const item = inspect(value, budget);
    values.push(item.value);
    // As an argument of its own a string stands without its quotes and an error without its brackets.
    if (typeof value === "string") return item.value as string;
    if (!isError(value)) return item.text;
    error ??= value;
    return item.text.slice(1, -1);
  };
  if (template !== undefined) {
    const filled = cut(template, limits.stringLength).replace(/%([sdifoOjc%])/g, (found, kind: string) => {
      if (kind === "%") return "%";
      if (next >= shown.length) return found;
      const value = shown[next++];
      return kind === "c" ? "" : substitute(kind, value, keep(value), values[values.length - 1] ?? null);
    });
    texts.push(filled);
  }
  for (; next < shown.length; next++) texts.push(keep(shown[next]));
  const missing = args.length - shown.length - (template === undefined ? 0 : 1);
  if (missing > 0) texts.push(`… ${missing} more`);

  return {
    text: cut(texts.join(" "), Math.floor(limits.recordLength / 4)),
    template: template && cut(template, limits.stringLength),
    values: template !== undefined || shown.some((value) => typeof value !== "string") ? values : undefined,
    error,
  };
}

/** The same of console.table: its text is a table, where the data makes one. Never throws. */
export function formatTable(args: readonly unknown[], limits: ValueLimits): Formatted {
  const formatted = formatArguments(args.slice(0, 1), limits);
  const names = args.slice(1, 2).map((each) => inspect(each, createBudget(limits)).value);
  const rows = formatted.values?.[0] ?? null;
  const table = formatted.error ? undefined : tableText(rows, names[0] ?? null, createBudget(limits));
  return table ? { text: cut(table, limits.recordLength / 4), values: [rows].concat(names) } : formatted;
}

/** What stands in place of a `%x`. */
function substitute(kind: string, value: unknown, text: string, data: SafeValue): string {
  if (kind === "j") return JSON.stringify(data);
  if (!/[dif]/.test(kind) || typeof value === "bigint") return text;
  if (/^(object|symbol|function|undefined)$/.test(typeof value)) return "NaN";
  return numberText(kind === "d" ? Number(value) : kind === "i" ? Number.parseInt(text, 10) : Number.parseFloat(text));
}
