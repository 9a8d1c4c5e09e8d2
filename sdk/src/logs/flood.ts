// A render loop logs the same line 40,000 times, and a wrong effect as many different ones. What more of them says is how
// many there were: they become a count.

import { ATTR_DEVMUX_REPEATED_COUNT, EVENT_DEVMUX_REPEATED } from "@chriscode/devmux-telemetry-protocol";
import { callerOf } from "../capture/site-text.ts";
import { after } from "../transport/timers.ts";
import type { Capture } from "./capture.ts";
import type { RateLimits } from "./rate.ts";

const windowMs = 1_000;
/** Texts and places that are told apart in one second. */
const maxKeys = 1_000;

interface Repeated {
  readonly capture: Capture;
  count: number;
  more: number;
}

/** Units of a text by which it is told from others; of a longer one its length counts too. */
export const maxKeyLength = 512;

/** False where the capture is only counted. `mark` gets what to say of those, a second after the first of them. */
export function createFlood(rate: RateLimits, mark: (marker: Capture) => void): Flood {
  const texts = new Map<string, Repeated>();
  const sites = new Map<string, Repeated>();
  let total = 0;
  let free = rate.burst;
  let startedAt = 0;
  let cancel: (() => void) | undefined;

  const turn = (): void => {
    cancel?.();
    cancel = undefined;
    const markers = [...texts.values(), ...sites.values()].filter(({ more }) => more > 0);
    texts.clear();
    sites.clear();
    free = total > free ? rate.sustained : rate.burst;
    total = 0;
    startedAt = Date.now();
    for (const { capture, more } of markers) mark(markerOf(capture, more));
  };
  const count = (map: Map<string, Repeated>, key: string, capture: Capture, limit: number): boolean => {
    let found = map.get(key);
    if (found === undefined) {
      found = { capture, count: 0, more: 0 };
      map.set(key, found);
    }
    if (++found.count <= limit) return true;
    found.more++;
    return false;
  };

  return {
    admits(capture) {
      const age = Date.now() - startedAt;
      if (age < 0 || age >= windowMs) turn();
      // What is remembered of a second is not kept for longer.
      cancel ??= after(windowMs, turn);
      const { level, body } = capture;
      const text = level + (body.length > maxKeyLength ? body.slice(0, maxKeyLength) + body.length : body);
      const isKnown = texts.size < maxKeys || texts.has(text);
      if (isKnown && !count(texts, text, capture, rate.identical)) return false;
      if (++total <= free) return true;
      const { file, line, column } = (capture.site && callerOf(capture.site)) ?? {};
      const site = `${file}:${line}:${column}`;
      return count(sites, sites.size < maxKeys || sites.has(site) ? site : "", capture, rate.perSite);
    },
    repeats(text) {
      const found = texts.get(text);
      // The turn of the second is for `admits` to see.
      if (found === undefined || found.count < rate.identical || Math.abs(Date.now() - startedAt) >= windowMs)
        return false;
      found.more++;
      return true;
    },
    end: turn,
  };
}

export interface Flood {
  admits(capture: Capture): boolean;
  /** True where a record of this level and body (as one text) would only be counted for its text; then it is. */
  repeats(text: string): boolean;
  /** Says what is counted so far. */
  end(): void;
}

export function markerOf(capture: Capture, more: number): Capture {
  const { attributes: _attributes, data: _data, body, crash: _crash, ...rest } = capture;
  return {
    ...rest,
    eventName: EVENT_DEVMUX_REPEATED,
    body: `${more} more like: ${body.slice(0, 1_024)}`,
    attributes: { [ATTR_DEVMUX_REPEATED_COUNT]: more },
    timeMs: Date.now(),
  };
}
