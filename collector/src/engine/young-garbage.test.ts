import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { expect, test } from "vitest";
import { findCollectGarbage } from "./idle-memory.ts";
import { collectByBytes } from "./young-garbage.ts";

const mebibyte = 1024 * 1024;

test("collects what is young when 16 MiB have come, in however many batches", () => {
  const collected: object[] = [];
  const arrived = collectByBytes(() => (options) => void collected.push(options));
  for (let batch = 0; batch < 15; batch++) arrived(mebibyte);
  expect(collected).toEqual([]);
  arrived(mebibyte);
  expect(collected).toEqual([{ type: "minor", execution: "sync" }]);
  arrived(64 * mebibyte);
  expect(collected).toHaveLength(2);
  arrived(mebibyte);
  expect(collected).toHaveLength(2);
});

test("with the engine's own function it is a collection of the young ones alone", async () => {
  const { NODE_PERFORMANCE_GC_FLAGS_FORCED: forced } = constants;
  const kinds: unknown[] = [];
  const seen = new Promise<void>((resolve) => {
    const observer = new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries() as NodeGcEntry[]) if (detail.flags === forced) kinds.push(detail.kind);
      if (kinds.length > 0) resolve(observer.disconnect());
    });
    observer.observe({ entryTypes: ["gc"] });
  });
  collectByBytes(findCollectGarbage)(16 * mebibyte);
  await seen;
  expect(kinds).toEqual([constants.NODE_PERFORMANCE_GC_MINOR]);
});

interface NodeGcEntry extends PerformanceEntry {
  readonly detail: { readonly kind: number; readonly flags: number };
}
