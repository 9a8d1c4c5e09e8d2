// All rows of the survival table, in its order.

import { consoleRows } from "./console.ts";
import { errorRows } from "./errors.ts";
import { formatRows } from "./format.ts";
import { objectRows } from "./objects.ts";
import { platformRows } from "./platform.ts";
import type { Row } from "./row.ts";
import { textRows } from "./texts.ts";

const all = [...formatRows, ...objectRows, ...textRows, ...errorRows, ...platformRows, ...consoleRows];

export const rows: readonly Row[] = all
  .map((row, index) => ({ row, index, number: Number.parseInt(row.name, 10) }))
  .sort((a, b) => a.number - b.number || a.index - b.index)
  .map(({ row }) => row);
