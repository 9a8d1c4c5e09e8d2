// The list of components, for people: a block for each kind, a line for each component.

import type { painter } from "../shell.ts";
import { visible } from "./visible.ts";

export interface ComponentLine {
  readonly kind: string;
  readonly type: string;
  readonly aliases: readonly string[];
  readonly signals: readonly string[];
  readonly summary: string;
}

export function describeComponents(components: readonly ComponentLine[], paint: ReturnType<typeof painter>): string[] {
  const width = Math.max(0, ...components.map(({ type }) => type.length));
  const kinds = [...new Set(components.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => [
    paint("bold", `${kind}s`),
    ...components.filter((each) => each.kind === kind).map((each) => describe(each, width)),
  ]);
}

function describe({ type, aliases, signals, summary }: ComponentLine, width: number): string {
  const also = aliases.length === 0 ? "" : `; also ${aliases.join(", ")}`;
  const takes = signals.length === 0 ? "" : ` (${signals.join(", ")})`;
  return visible(`  ${type.padEnd(width)}  ${summary}${takes}${also}`);
}
