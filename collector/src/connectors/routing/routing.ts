// Sends each record to the pipelines that its rule names.

import {
  accepted,
  type Connector,
  type Consumer,
  partlyAccepted,
  type Settings,
  type Signal,
} from "../../component/index.ts";
import { createFailures } from "../../expression/index.ts";
import { handOnParts } from "../../processors/parts.ts";
import type { RouteRule, RoutingConfig } from "./config.ts";
import { split } from "./destinations.ts";

export function createRouting(
  settings: Settings,
  config: RoutingConfig,
  pipelines: ReadonlyMap<string, Consumer>,
): Connector {
  const failures = createFailures(settings, config.errorMode);
  const stopping = new AbortController();
  const rulesOf = createRules(config.table);

  const consumersOf = (names: readonly string[], signal: Signal) =>
    names.filter((name) => signalOf(name) === signal).map((name) => pipelines.get(name)!);

  return {
    async consume(batch) {
      const parts = split(batch, rulesOf(batch.signal), failures).map((part) => ({
        ...part,
        to: consumersOf(part.rule?.pipelines ?? config.defaultPipelines, batch.signal),
      }));
      const led = parts.flatMap((part) => part.to.map((to) => ({ batch: part.batch, to })));
      const verdict = led.length === 0 ? accepted : await handOnParts(led, stopping.signal);
      if (verdict.kind !== "accepted") return verdict;
      for (const { batch: part, to } of parts) if (to.length === 0) settings.dropped(part.itemCount, "no_route", true);
      // A record that went two ways may have been refused on both.
      const refused = Math.min(verdict.refused ?? 0, batch.itemCount);
      return partlyAccepted(refused, verdict.reason ?? "");
    },
    async shutdown() {
      stopping.abort();
    },
  };
}

/** The rules that lead to a pipeline of a signal. */
function createRules(table: readonly RouteRule[]): (signal: Signal) => readonly RouteRule[] {
  const of = (signal: Signal) => table.filter(({ pipelines }) => pipelines.some((name) => signalOf(name) === signal));
  const rules = { logs: of("logs"), traces: of("traces"), metrics: of("metrics") };
  return (signal) => rules[signal];
}

/** A pipeline's id begins with its signal: `logs/errors`. */
function signalOf(pipeline: string): string {
  const slash = pipeline.indexOf("/");
  return slash < 0 ? pipeline : pipeline.slice(0, slash);
}
