// console.table as text: a line for each row, a column for each property.

import type { Budget } from "./inspect.ts";
import { inspect } from "./inspect.ts";
import type { SafeValue } from "./safe.ts";

/** What fits a wide terminal, and leaves a table of 100 rows within a record. */
const maxColumns = 20;
/** UTF-16 units of a cell: as much as tells one row from another; the whole value is among the arguments. */
const maxCell = 40;

type Fields = { readonly [key: string]: SafeValue };

/**
 * `data` as it was read, `columns` the names that were asked for: all, where that is no list of them. Undefined where it is
 * no table; the console then prints it as any other value.
 */
export function tableText(data: SafeValue, columns: SafeValue, budget: Budget): string | undefined {
  const rows = Object.keys(data ?? {});
  if (typeof data !== "object" || rows.length === 0) return undefined;
  const fieldsOf = (row: string): Fields => {
    const value = (data as Fields)[row] ?? null;
    return typeof value === "object" && value ? (value as Fields) : { Values: value };
  };
  const cell = (value: SafeValue): string => {
    const text = (typeof value === "string" ? value : inspect(value, budget).text).replace(/[\0-\x1f]+/g, " ");
    return text.length > maxCell ? `${text.slice(0, maxCell - 1)}…` : text;
  };
  // What says how many rows are missing has no cells.
  const rest = rows.length > budget.limits.items ? `\n${(data as Fields)[rows.pop() ?? ""]}` : "";
  const all = new Set(Array.isArray(columns) ? columns.map(cell) : rows.flatMap((row) => Object.keys(fieldsOf(row))));
  const keys = Array.from(all).slice(0, maxColumns);
  const lines = rows.map((row) => {
    const fields = fieldsOf(row);
    return [row].concat(keys.map((key) => (Object.hasOwn(fields, key) ? cell(fields[key] ?? null) : "")));
  });
  lines.unshift(["(index)"].concat(keys));
  const widths = keys.concat("").map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const texts = lines.map((line) => line.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" │ "));
  texts.splice(1, 0, widths.map((width) => "─".repeat(width)).join("─┼─"));
  return texts.join("\n") + rest;
}
