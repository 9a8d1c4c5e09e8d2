// Where each record of a batch goes: for each rule, a place in a bit set; the last place is the default.

import type { LogRecord, Resource } from "@chriscode/devmux-telemetry-protocol";
import type { Batch } from "../../component/index.ts";
import type { Failures } from "../../expression/index.ts";
import type { RouteRule } from "./config.ts";

/** A part of a batch, and which rule it goes by; undefined: by none, to the default. */
export interface Routed {
  readonly batch: Batch;
  readonly rule: RouteRule | undefined;
}

/** Splits a batch. `rules`: those that lead to a pipeline of its signal. Spans and data points are routed by their resource alone. */
export function split(batch: Batch, rules: readonly RouteRule[], failures: Pick<Failures, "note">): Routed[] {
  if (batch.signal !== "logs") return splitByResource(batch, rules, failures);
  const chosen: (readonly number[])[] = [];
  const choose = createChoice(rules, failures);
  for (const record of batch.records()) chosen.push(choose(record));
  return Array.from({ length: rules.length + 1 }, (_, place) => {
    let at = 0;
    return { batch: batch.select(() => chosen[at++]!.includes(place)), rule: rules[place] };
  }).filter((part) => part.batch.itemCount > 0);
}

function splitByResource(
  batch: Exclude<Batch, { signal: "logs" }>,
  rules: readonly RouteRule[],
  failures: Pick<Failures, "note">,
): Routed[] {
  const byResource = rules.filter(({ condition }) => condition.ofResource);
  const choose = createChoice(byResource, failures);
  // A condition over the resource alone reads nothing else of what it is given.
  const keyOf = (resource: Resource) => choose({ resource } as LogRecord).join();
  return [...batch.groupByResource(keyOf)].flatMap(([key, part]) =>
    key.split(",").map((place) => ({ batch: part, rule: byResource[Number(place)] })),
  );
}

/** The places of the rules that a record goes by, at least one. */
function createChoice(
  rules: readonly RouteRule[],
  { note }: Pick<Failures, "note">,
): (record: LogRecord) => readonly number[] {
  const known = rules.map(({ condition }) => (condition.ofResource ? new Map<Resource, boolean>() : undefined));

  function matches({ condition }: RouteRule, record: LogRecord): boolean {
    try {
      return condition.matches(record);
    } catch (error) {
      note(condition.source, error);
      return false;
    }
  }

  function holds(place: number, record: LogRecord): boolean {
    const answers = known[place];
    const answer = answers?.get(record.resource);
    if (answer !== undefined) return answer;
    const found = matches(rules[place]!, record);
    answers?.set(record.resource, found);
    return found;
  }

  return (record) => {
    const places: number[] = [];
    for (let place = 0; place < rules.length; place++) {
      if (!holds(place, record)) continue;
      places.push(place);
      if (rules[place]!.action === "move") return places;
    }
    return places.length > 0 ? places : [rules.length];
  };
}
