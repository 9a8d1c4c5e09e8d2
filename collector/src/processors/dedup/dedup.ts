// The first of equal records passes at once; those that follow within the interval are counted, and told by the last of them
// when the interval ends, with how many it stands for.
//
// State changes only when a batch was taken: one that is turned back comes again, and its records must still be first.

import { Logs } from "@chriscode/devmux-telemetry-protocol";
import type { Consumer, Processor, Settings } from "../../component/index.ts";
import { createFailures } from "../../expression/index.ts";
import { handOn } from "../hand-on.ts";
import { createMatching } from "../matching.ts";
import { wait } from "../wait.ts";
import type { DedupConfig } from "./config.ts";
import { keysOf } from "./keys.ts";
import { alone, createWindows, type Repeats, type Window } from "./windows.ts";

/** Before what could not be told is told again, where downstream does not say when. */
const retryMs = 250;

export function createDedup(settings: Settings, config: DedupConfig, next: Consumer): Processor {
  const { intervalMs, excluded } = config;
  const matches = createMatching(config.conditions, createFailures(settings, config.errorMode));
  const ignores = (attribute: string) => excluded.has(attribute);
  const windows = createWindows(intervalMs);
  const now = () => performance.now();
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<number | undefined> = Promise.resolve(undefined);
  let ending = false;

  /** Records of a batch that repeat one that was seen, by key: their places. And the keys of those that are first. */
  function plan(batch: Logs): { repeats: Map<string, number[]>; first: string[]; dropped: Set<number> } {
    const repeats = new Map<string, number[]>();
    const first = new Set<string>();
    const dropped = new Set<number>();
    const keys = keysOf(batch, ignores);
    let index = -1;
    for (const record of batch.records()) {
      const key = keys.next().value as string;
      index++;
      if (!matches(record)) continue;
      if (!windows.has(key) && !first.has(key)) first.add(key);
      else {
        const places = repeats.get(key);
        if (places === undefined) repeats.set(key, [index]);
        else places.push(index);
        dropped.add(index);
      }
    }
    return { repeats, first: [...first], dropped };
  }

  function commit(batch: Logs, { repeats, first }: ReturnType<typeof plan>): void {
    const at = now();
    for (const key of first) windows.open(key, at);
    if (repeats.size > 0) {
      const times = Array.from(batch.records(), ({ timeMs }) => timeMs);
      const held = alone(
        batch,
        Array.from(repeats.values(), (places) => places.at(-1)!),
      );
      for (const [key, places] of repeats) {
        const found = repeatsOf(places, times, held.get(places.at(-1)!)!);
        // All but the one that is held are gone for good.
        settings.dropped(places.length - 1 + windows.add(key, found, at), "duplicate", true);
      }
    }
    while (windows.size > config.maxEntries || windows.bytes > config.maxBytes) {
      settings.count("told_early");
      tell([windows.shift()!]);
    }
    schedule();
  }

  function schedule(): void {
    const { nextEnd } = windows;
    if (timer !== undefined || nextEnd === undefined || ending) return;
    timer = setTimeout(() => {
      timer = undefined;
      tell(ended());
      schedule();
    }, nextEnd - now());
    timer.unref();
  }

  function ended(): Window[] {
    const found: Window[] = [];
    const at = now();
    while (windows.nextEnd !== undefined && windows.nextEnd <= at) {
      const window = windows.shift()!;
      found.push(window);
      // What repeats goes on being held back, and is told once in each interval; what does not is forgotten.
      if (window.repeats !== undefined) windows.open(window.key, at);
    }
    return found;
  }

  /** Hands on what was held, one after the other in the order of calls. */
  function tell(found: readonly Window[]): void {
    const told = found.filter(({ repeats }) => repeats !== undefined);
    if (told.length > 0) telling = telling.then(() => handOver(told));
  }

  /** Gives how long to wait where it was turned back; what was is held again. */
  async function handOver(told: readonly Window[]): Promise<number | undefined> {
    const batch = Logs.merge(told.map(({ repeats }) => summary(repeats!)));
    const verdict = await next.consume(batch);
    if (verdict.kind === "retryable") {
      // To what came meanwhile, or to a window of its own: it is told when that ends.
      for (const { key, repeats } of told) settings.dropped(windows.add(key, repeats!, now()), "duplicate", true);
      schedule();
      return verdict.retryAfterMs ?? retryMs;
    }
    const lost = verdict.kind === "rejected" ? batch.itemCount : (verdict.refused ?? 0);
    settings.dropped(lost, "refused_downstream");
    return undefined;
  }

  function summary({ held, count, firstMs, lastMs }: Repeats): Logs {
    const attributes = {
      [config.countAttribute]: count,
      first_observed_timestamp: new Date(firstMs).toISOString(),
      last_observed_timestamp: new Date(lastMs).toISOString(),
    };
    return held.map(() => ({ attributes }));
  }

  return {
    async consume(batch) {
      if (batch.signal !== "logs" || ending) return next.consume(batch);
      const planned = plan(batch);
      let at = 0;
      const kept = batch.select(() => !planned.dropped.has(at++));
      return handOn(next, kept, () => commit(batch, planned));
    },
    async shutdown(signal) {
      ending = true;
      clearTimeout(timer);
      for (;;) {
        const found: Window[] = [];
        for (let window = windows.shift(); window !== undefined; window = windows.shift()) found.push(window);
        tell(found);
        const again = await telling;
        if (windows.size === 0) return;
        if (signal.aborted) break;
        await wait(again ?? retryMs, signal);
      }
      let lost = 0;
      for (let window = windows.shift(); window !== undefined; window = windows.shift())
        if (window.repeats !== undefined) lost++;
      settings.dropped(lost, "shutdown");
    },
  };
}

function repeatsOf(places: readonly number[], times: readonly number[], held: Logs): Repeats {
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = 0;
  for (const place of places) {
    firstMs = Math.min(firstMs, times[place]!);
    lastMs = Math.max(lastMs, times[place]!);
  }
  return { count: places.length, firstMs, lastMs, held };
}
