import { type LogRecordInit, LogsBuilder } from "@chriscode/devmux-telemetry-protocol";
import { expect, test } from "vitest";
import { accepted, retryable } from "../../component/index.ts";
import { recordingConsumer, testProcessor, testSettings } from "../../testing/index.ts";
import { bucketOf, thresholdOf } from "./buckets.ts";
import { probabilisticSamplerProcessorFactory as factory } from "./factory.ts";

test.each(testProcessor(factory, { sampling_percentage: 30 }))("$name", ({ run }) => run());

async function sample(config: object, records: readonly LogRecordInit[]) {
  const settings = testSettings();
  const next = recordingConsumer();
  const builder = new LogsBuilder({});
  for (const record of records) builder.add(record);
  const verdict = await factory.create(settings, factory.config.parse(config), next).consume(builder.build());
  return { bodies: next.bodies, settings, verdict };
}

const byUid = (count: number): LogRecordInit[] =>
  Array.from({ length: count }, (_, index) => ({
    body: `${index}`,
    attributes: { "log.record.uid": `client-${index}` },
  }));
const byTrace = (count: number): LogRecordInit[] =>
  Array.from({ length: count }, (_, index) => ({
    body: `${index}`,
    traceId: (index + 1).toString(16).padStart(32, "0"),
  }));

test("the hash is FNV-1a of 32 bits: the published values of texts behind a seed of four bytes", () => {
  // With a seed whose bytes are the first four of a text, the rest gives the text's own hash: 0xbf9cf968 of "foobar".
  const seed = new DataView(Buffer.from("foob").buffer, Buffer.from("foob").byteOffset).getUint32(0, true);
  expect(bucketOf(Buffer.from("ar"), seed)).toBe(0xbf9cf968 & 16_383);
  expect(thresholdOf(50)).toBe(8_192);
  expect(thresholdOf(100)).toBe(16_384);
  expect(thresholdOf(250)).toBe(16_384);
  expect(thresholdOf(0.01)).toBe(1);
});

test.each([byUid, byTrace])(
  "the share that passes is the one that was asked for, and always the same",
  async (records) => {
    const all = records(5_000);
    for (const percentage of [1, 10, 50, 90]) {
      const { bodies, settings } = await sample({ sampling_percentage: percentage }, all);
      expect(Math.abs(bodies.length / 50 - percentage)).toBeLessThan(3);
      expect(settings.drops.get("not_sampled")).toBe(5_000 - bodies.length);
      expect((await sample({ sampling_percentage: percentage }, all)).bodies).toEqual(bodies);
    }
  },
);

test("what passes at a smaller percentage passes at a larger one; another seed chooses others", async () => {
  const all = byUid(2_000);
  const few = (await sample({ sampling_percentage: 10 }, all)).bodies;
  const many = new Set((await sample({ sampling_percentage: 40 }, all)).bodies);
  expect(few.every((body) => many.has(body))).toBe(true);
  expect((await sample({ sampling_percentage: 10, hash_seed: 7 }, all)).bodies).not.toEqual(few);
});

test("records of one trace stay together", async () => {
  const records = byTrace(100).flatMap((record) => [record, record, record]);
  const { bodies } = await sample({ sampling_percentage: 30 }, records);
  const counts = new Map<string, number>();
  for (const body of bodies) counts.set(body, (counts.get(body) ?? 0) + 1);
  expect(new Set(counts.values())).toEqual(new Set([3]));
});

test("all and none", async () => {
  expect((await sample({}, byUid(100))).bodies).toHaveLength(100);
  expect((await sample({ sampling_percentage: 0 }, [...byUid(100), { body: "x" }])).bodies).toEqual([]);
});

test("a record with nothing to decide by passes, unless told otherwise", async () => {
  expect((await sample({ sampling_percentage: 1 }, [{ body: "x" }])).bodies).toEqual(["x"]);
  expect((await sample({ sampling_percentage: 99, fail_closed: true }, [{ body: "x" }])).bodies).toEqual([]);
});

test("a record's own percentage wins", async () => {
  const records = byUid(200).map((record, index) => ({
    ...record,
    attributes: { ...record.attributes, share: index % 2 === 0 ? 100 : 0 },
  }));
  const { bodies } = await sample({ sampling_percentage: 10, sampling_priority: "share" }, records);
  expect(bodies).toEqual(records.filter((_, index) => index % 2 === 0).map(({ body }) => body));
});

test("only what a condition matches is sampled", async () => {
  const records = byUid(100).map((record, index) => ({ ...record, severityNumber: index < 50 ? 9 : 17 }));
  const { bodies } = await sample(
    { sampling_percentage: 0, conditions: ["severity_number < SEVERITY_NUMBER_WARN"] },
    records,
  );
  expect(bodies).toEqual(records.slice(50).map(({ body }) => body));
});

test("a batch that is turned back is not counted", async () => {
  const settings = testSettings();
  const next = recordingConsumer(retryable("full"));
  const builder = new LogsBuilder({});
  for (const record of byUid(100)) builder.add(record);
  const processor = factory.create(settings, factory.config.parse({ sampling_percentage: 10 }), next);
  const batch = builder.build();
  expect(await processor.consume(batch)).toEqual(retryable("full"));
  expect(settings.drops.size).toBe(0);
  expect(await processor.consume(batch)).toEqual(accepted);
  expect(settings.drops.get("not_sampled")).toBe(100 - next.bodies.length);
});
