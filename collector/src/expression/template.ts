// The replacement of a pattern: `$1` and `${1}` are groups by number, `$name` and `${name}` by name, `$0` is the match, `$$` a
// dollar sign. As in Go's regexp, which the OTel Collector uses.

import { ExpressionError } from "./errors.ts";

export type Expand = (groupText: (group: number) => string) => string;

const reference = /\$(?:(\$)|\{(\w+)\}|(\w+))/g;

/** Throws ExpressionError where a group is named that the pattern does not have. */
export function compileTemplate(
  template: string,
  groupCount: number,
  names: Readonly<Record<string, number>>,
  at: number,
): Expand {
  const parts: (string | number)[] = [];
  let copied = 0;
  for (const match of template.matchAll(reference)) {
    parts.push(template.slice(copied, match.index));
    copied = match.index + match[0].length;
    const name = match[2] ?? match[3];
    parts.push(name === undefined ? "$" : groupOf(name, groupCount, names, at));
  }
  parts.push(template.slice(copied));
  return (groupText) => {
    let text = "";
    for (const part of parts) text += typeof part === "number" ? groupText(part) : part;
    return text;
  };
}

function groupOf(name: string, groupCount: number, names: Readonly<Record<string, number>>, at: number): number {
  const group = /^\d+$/.test(name) ? Number(name) : Object.hasOwn(names, name) ? names[name] : undefined;
  if (group !== undefined && group <= groupCount) return group;
  const known = ["0", ...Object.keys(names)].map((known) => `\${${known}}`).join(", ");
  const expected = groupCount === 0 ? "the pattern has no groups" : `the pattern has ${groupCount} (${known} …)`;
  throw new ExpressionError(at, `\${${name}} is no group: ${expected}; write $$ for a dollar sign`);
}
