import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Capture } from "./capture.ts";
import { createFlood } from "./flood.ts";
import { defaultRate } from "./rate.ts";

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

function capture(body: string, line = 1): Capture {
  const site = { stack: `Error\n    at f (http://h/app.js:${line}:1)`, ownFrames: 0 };
  return { scope: "console", level: "log", eventName: "e", body, timeMs: 0, attributes: {}, site };
}

function setUp() {
  const markers: string[] = [];
  const flood = createFlood(defaultRate, ({ body, attributes }) =>
    markers.push(`${body} ${attributes["devmux.repeated.count"]}`),
  );
  const admitted = (captures: Capture[]): number => captures.filter((each) => flood.admits(each)).length;
  return { flood, markers, admitted };
}

test("40,000 identical lines are ten and a count", () => {
  const { flood, markers, admitted } = setUp();
  expect(admitted(Array.from({ length: 40_000 }, () => capture("render")))).toBe(10);
  flood.end();
  expect(markers).toEqual(["39990 more like: render 39990"]);
});

test("40,000 different lines of one place are 2,020 and a count; of two places, both are heard", () => {
  const { flood, markers, admitted } = setUp();
  expect(admitted(Array.from({ length: 40_000 }, (_, index) => capture(`line ${index}`)))).toBe(2_020);
  expect(admitted([capture("elsewhere", 2)])).toBe(1);
  flood.end();
  expect(markers).toEqual(["37980 more like: line 2000 37980"]);
});

test("what goes on for seconds gets less, and the full burst back after a quiet second", () => {
  const { flood, admitted } = setUp();
  const lines = (): Capture[] => Array.from({ length: 3_000 }, (_, index) => capture(`line ${index}`));
  expect(admitted(lines())).toBe(2_020);
  vi.setSystemTime(Date.now() + 1_001);
  expect(admitted(lines())).toBe(220);
  vi.setSystemTime(Date.now() + 1_001);
  flood.end();
  vi.setSystemTime(Date.now() + 1_001);
  expect(admitted(lines())).toBe(2_020);
});

test("every capture is admitted or counted, whatever the mixture", () => {
  const { flood, markers, admitted } = setUp();
  const mixed = Array.from({ length: 20_000 }, (_, index) => capture(`line ${index % 3_000}`, index % 1_500));
  const sent = admitted(mixed);
  flood.end();
  const counted = markers.reduce((sum, marker) => sum + Number(marker.split(" ").at(-1)), 0);
  expect(sent + counted).toBe(20_000);
  expect(sent).toBeGreaterThan(2_000);
});
