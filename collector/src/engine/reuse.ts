// Which parts of an earlier graph stay: those that the new configuration leaves as they were.

import { isDeepStrictEqual } from "node:util";
import type { AnyFactory } from "../component/index.ts";
import type { Planned } from "../config/blueprint.ts";
import type { Node } from "./graph.ts";
import { type ComponentStats, createStats } from "./stats.ts";

export type Reuse = <T extends Node>(
  kind: ComponentStats["kind"],
  id: string,
  plan: T["plan"],
  create: (stats: ComponentStats) => Omit<T, "stats" | "plan">,
  fits?: (old: T) => boolean,
) => T;

/**
 * Gives the part of the earlier graph, where it is the same and `fits`; else a new one under the numbers of the one that it replaces.
 * `allStats`: by kind and id, of every component that there was.
 */
export function createReuse(before: readonly Node[], allStats: Map<string, ComponentStats>): Reuse {
  const known = new Map(before.map((node) => [keyOf(node.stats), node]));
  return <T extends Node>(
    kind: ComponentStats["kind"],
    id: string,
    plan: T["plan"],
    create: (stats: ComponentStats) => Omit<T, "stats" | "plan">,
    fits: (old: T) => boolean = () => true,
  ): T => {
    const key = keyOf({ kind, id });
    const old = known.get(key) as T | undefined;
    if (old !== undefined && isSame(old.plan, plan) && fits(old)) return old;
    const stats = allStats.get(key) ?? createStats(kind, id);
    allStats.set(key, stats);
    return { ...create(stats), stats, plan } as T;
  };
}

function keyOf({ kind, id }: Pick<ComponentStats, "kind" | "id">): string {
  return `${kind} ${id}`;
}

/** By what the user wrote: what a schema made of it may hold functions, which equal nothing. */
function isSame(a: Planned<AnyFactory>, b: Planned<AnyFactory>): boolean {
  return a.factory.create === b.factory.create && isDeepStrictEqual(a.options, b.options);
}

export function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
