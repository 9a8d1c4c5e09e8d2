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
  /** By level. */
  const texts = new Map<string, Map<string, Repeated>>();
  const sites = new Map<string, Repeated>();
  let known = 0;
  /** Texts of which there are as many as may be: without one, no text need be looked for. */
  let full = 0;
  let total = 0;
  let free = rate.burst;
  let startedAt = 0;
  let cancel: (() => void) | undefined;

  const turn = (): void => {
    cancel?.();
    cancel = undefined;
    const counted: Repeated[] = [];
    for (const map of [...texts.values(), sites])
      for (const each of map.values()) if (each.more > 0) counted.push(each);
    texts.clear();
    sites.clear();
    known = full = 0;
    free = total > free ? rate.sustained : rate.burst;
    total = 0;
    startedAt = Date.now();
    for (const { capture, more } of counted) mark(markerOf(capture, more));
  };
  const add = (map: Map<string, Repeated>, key: string, capture: Capture): Repeated => {
    const made = { capture, count: 0, more: 0 };
    map.set(key, made);
    return made;
  };
  const isMore = (repeated: Repeated, limit: number): boolean => {
    if (++repeated.count <= limit) return false;
    repeated.more++;
    return true;
  };
  const isMoreOfText = (capture: Capture): boolean => {
    const { level, body } = capture;
    const text = body.length > maxKeyLength ? body.slice(0, maxKeyLength) + body.length : body;
    const ofLevel = texts.get(level) ?? new Map<string, Repeated>();
    texts.set(level, ofLevel);
    let found = ofLevel.get(text);
    if (found === undefined) {
      if (known === maxKeys) return false;
      known++;
      found = add(ofLevel, text, capture);
    }
    if (found.count + 1 === rate.identical) full++;
    return isMore(found, rate.identical);
  };

  return {
    admits(capture) {
      const age = Date.now() - startedAt;
      if (age < 0 || age >= windowMs) turn();
      // What is remembered of a second is not kept for longer.
      cancel ??= after(windowMs, turn);
      if (isMoreOfText(capture)) return false;
      if (++total <= free) return true;
      const { file, line, column } = (capture.site && callerOf(capture.site)) ?? {};
      const site = `${file}:${line}:${column}`;
      const key = sites.size < maxKeys || sites.has(site) ? site : "";
      return !isMore(sites.get(key) ?? add(sites, key, capture), rate.perSite);
    },
    repeats(level, text) {
      const found = full > 0 ? texts.get(level)?.get(text) : undefined;
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
  /** True where a record of this level and body would only be counted for its text; then it is. */
  repeats(level: string, text: string): boolean;
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
