// What the engine hands to each component: its name, a log, and the way to say how it is and what it lost.

import type { HealthState, Log, Settings } from "../component/component.ts";
import { addDrop, type ComponentStats } from "./stats.ts";

export function createSettings(stats: ComponentStats, log: Log): Settings {
  const component = `${stats.kind} ${stats.id}`;
  const named = withComponent(log, component);
  return {
    id: stats.id,
    log: named,
    health: (state, message) => changeHealth(stats, named, state, message),
    dropped(count, reason, intended = false) {
      // Loss is said once for each reason; the count is in the status.
      if (!intended && count > 0 && !stats.drops.has(reason)) named.error(`records are lost: ${reason}`, { count });
      addDrop(stats, count, reason, intended);
    },
    count: (name, by = 1) => void stats.counters.set(name, (stats.counters.get(name) ?? 0) + by),
  };
}

function changeHealth(stats: ComponentStats, log: Log, state: HealthState, message: string | undefined): void {
  if (stats.state === state) {
    if (state !== "ok" && message !== undefined) stats.message = message;
    return;
  }
  const was = stats.state;
  stats.state = state;
  stats.message = state === "ok" ? undefined : message;
  stats.since = Date.now();
  if (state === "ok") log.info(`works again (was ${was})`);
  else if (state === "degraded") log.warn(message ?? "degraded");
  else log.error(message ?? "failed");
}

function withComponent(log: Log, component: string): Log {
  const add = (fields: Record<string, unknown> | undefined) => ({ component, ...fields });
  return {
    debug: (message, fields) => log.debug(message, add(fields)),
    info: (message, fields) => log.info(message, add(fields)),
    warn: (message, fields) => log.warn(message, add(fields)),
    error: (message, fields) => log.error(message, add(fields)),
  };
}
