// The survival table as it stands in the client's README.

import { readFileSync, writeFileSync } from "node:fs";

const readme = new URL("../../README.md", import.meta.url);
const section = /(<!-- survival -->\n)[\s\S]*?(<!-- \/survival -->)/;

/** By row, what arrived in each engine; undefined where there is no such input. */
export type Cells = readonly (readonly [name: string, arrived: readonly (string | undefined)[]])[];

export function tableOf(cells: Cells): string {
  const lines = cells.map(([name, [node, ...others]]) => {
    const cellsOfRow = others.map((text) => (text !== undefined && text === node ? "same" : cell(text)));
    return `| ${name} | ${[cell(node), ...cellsOfRow].join(" | ")} |`;
  });
  return `| logged | in Node | in Chromium | on Hermes |\n|---|---|---|---|\n${lines.join("\n")}\n`;
}

/** The README as it is, and as it is with this table. */
export function compareWithReadme(table: string): { readonly text: string; readonly expected: string } {
  const text = readFileSync(readme, "utf8");
  return { text, expected: text.replace(section, (_, start: string, end: string) => start + table + end) };
}

export function writeReadme(text: string): void {
  writeFileSync(readme, text);
}

/** One cell of a table: printable, one line, short. */
function cell(text: string | undefined): string {
  if (text === undefined) return "–";
  const short = text.length > 90 ? `${text.slice(0, 60)} … ${text.slice(-24)}` : text;
  const shown = short.replace(/[\0-\x1f\u2028]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return shown === "" ? "(empty)" : `\`${shown.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}
