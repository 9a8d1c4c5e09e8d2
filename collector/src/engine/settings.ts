// What the engine hands to each component: its name, a log, and the way to say how it is and what it lost.

import type { HealthState, Log, Settings } from "../component/component.ts";
import type { Probes } from "./probes.ts";
import { addDrop, type ComponentStats, type HealthSource, healthOf } from "./stats.ts";

export function createSettings(
  stats: ComponentStats,
  log: Log,
  source: HealthSource = "component",
  probes?: Pick<Probes, "measured">,
): Settings {
  const component = `${stats.kind} ${stats.id}`;
  const named = withComponent(log, component, (message) => {
    stats.lastError = { message, at: Date.now() };
  });
  return {
    id: stats.id,
    log: named,
    health: (state, message) => changeHealth(stats, source, named, state, message),
    dropped(count, reason, intended = false) {
      // Loss is said once for each reason; the count is in the status.
      if (!intended && count > 0 && !stats.drops.has(reason)) named.error(`records are lost: ${reason}`, { count });
      addDrop(stats, count, reason, intended);
    },
    measure(name, value) {
      for (const listener of probes?.measured ?? []) listener(stats, name, value);
    },
    count: (name, by = 1) => void stats.counters.set(name, (stats.counters.get(name) ?? 0) + by),
  };
}

/** Said in the log when the component as a whole changes: its delivery and itself often tell of the same fault. */
function changeHealth(
  stats: ComponentStats,
  source: HealthSource,
  log: Log,
  state: HealthState,
  message: string | undefined,
): void {
  const own = stats.health.get(source);
  const was = healthOf(stats).state;
  const since = own?.state === state ? own.since : Date.now();
  if (own === undefined && state === "ok") return;
  if (state !== "ok" && message !== undefined) stats.lastError = { message, at: Date.now() };
  stats.health.set(source, { state, message: state === "ok" ? undefined : (message ?? own?.message), since });
  const { state: is, message: why } = healthOf(stats);
  if (is === was) return;
  if (is === "ok") log.info(`works again (was ${was})`);
  else if (is === "degraded") log.warn(why ?? "degraded");
  else log.error(why ?? "failed");
}

function withComponent(log: Log, component: string, onTrouble: (message: string) => void): Log {
  const add = (fields: Record<string, unknown> | undefined) => ({ component, ...fields });
  return {
    debug: (message, fields) => log.debug(message, add(fields)),
    info: (message, fields) => log.info(message, add(fields)),
    warn(message, fields) {
      onTrouble(message);
      log.warn(message, add(fields));
    },
    error(message, fields) {
      onTrouble(message);
      log.error(message, add(fields));
    },
  };
}
