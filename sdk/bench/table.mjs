// Figures side by side, ours first, with the word that matters.

import { names, ours } from "./clients.mjs";

/** `rows`: by label, a figure for each client, in the order of `names`; less is better. */
export function printTable(rows, unit) {
  const width = Math.max(...Object.keys(rows).map((label) => label.length)) + 2;
  console.log(`${"".padEnd(width)}${names.map((name) => name.replace(/^@(chriscode\/)?/, "").padStart(24)).join("")}`);
  for (const [label, figures] of Object.entries(rows)) {
    const cells = figures.map((figure) => `${format(figure)} ${unit}`.padStart(24)).join("");
    const [own, ...theirs] = figures;
    console.log(`${label.padEnd(width)}${cells}   ${own <= Math.min(...theirs) ? "ahead" : "NOT AHEAD"}`);
  }
}

function format(figure) {
  return figure >= 100 ? Math.round(figure).toLocaleString("en") : figure.toFixed(2);
}

export { names, ours };
