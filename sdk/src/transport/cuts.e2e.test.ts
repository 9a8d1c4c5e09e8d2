// Connections that break at every moment: sequences and acknowledgements account for each record.

import { expect, test } from "vitest";
import { createCollectorDouble } from "../testing/collector-double.ts";
import { createWebSocketExporter } from "./exporter.ts";

test("1,000 cut connections: every record once, in order", { timeout: 120_000 }, async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  let state = seed;
  const random = (): number => {
    // A linear congruential generator (Numerical Recipes), so that a seed tells the whole run.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const collector = await createCollectorDouble();
  const exporter = createWebSocketExporter({
    serverUrl: collector.url,
    platform: () => ({ kind: "node" }),
    random: () => 0.001,
  });
  let cuts = 0;
  let lastCut = -1;
  let isGone = false;
  collector.behaviour.onExport = (_, answer) => {
    // Before it is taken, after it is taken and before the ack, or not at all.
    const way = Math.floor(random() * 3);
    // What was read before the cut and is handled after it: a collector that is gone takes nothing.
    if (lastCut === collector.connections) return isGone ? "ignore" : "take";
    if (cuts >= 1_000 || way === 2) return "take";
    lastCut = collector.connections;
    cuts++;
    isGone = way === 0;
    if (isGone) {
      answer.terminate();
      return "ignore";
    }
    setImmediate(answer.terminate);
    return "take";
  };
  const resource = { attributes: {} } as never;
  let sent = 0;
  const send = (): void => {
    const records = Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({
      hrTime: [1, 0] as [number, number],
      hrTimeObserved: [1, 0] as [number, number],
      body: sent++,
      attributes: {},
      resource,
      instrumentationScope: { name: "x" },
      droppedAttributesCount: 0,
    }));
    exporter.export(records, () => {});
  };
  while (cuts < 1_000) {
    if (exporter.status.buffered < 200) send();
    exporter.connect(true);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await collector.until(() => collector.records.length >= sent);
  await exporter.shutdown();
  expect([cuts, exporter.status.dropped], `seed ${seed}`).toEqual([1_000, 0]);
  expect(
    collector.records.map(({ body }) => body),
    `seed ${seed}`,
  ).toEqual(Array.from({ length: sent }, (_, index) => index));
  expect(new Set(collector.records.map(({ uid }) => uid)).size).toBe(sent);
  await collector.close();
});
