// The suite finds what it is for: each broken component fails one check, by name, and a sound one fails none.

import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  accepted,
  type Consumer,
  type Processor,
  type ProcessorFactory,
  type Settings,
} from "../../component/index.ts";
import type { ContractCheck } from "./check.ts";
import { testProcessor } from "./processor.ts";

function processor(
  create: (settings: Settings, next: Consumer) => Processor,
  overrides: Partial<ProcessorFactory> = {},
): ProcessorFactory {
  return {
    kind: "processor",
    type: "double",
    summary: "a double",
    signals: ["logs"],
    config: z.strictObject({}),
    create: (settings, _config, next) => create(settings, next),
    ...overrides,
  };
}

const sound = (settings: Settings, next: Consumer): Processor => ({
  async consume(batch) {
    if (batch.signal !== "logs") return next.consume(batch);
    const kept = batch.select((record) => record.severityNumber >= 9);
    const verdict = kept.itemCount === 0 ? accepted : await next.consume(kept);
    if (verdict.kind === "accepted") settings.dropped(batch.itemCount - kept.itemCount, "low", true);
    return verdict;
  },
});

async function failuresOf(checks: readonly ContractCheck[]): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of checks) {
    try {
      await run();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

test("a sound processor passes every check", async () => {
  expect(await failuresOf(testProcessor(processor(sound)))).toEqual([]);
});

test.each<[string, (settings: Settings, next: Consumer) => Processor, RegExp]>([
  [
    "drops without counting",
    (_settings, next) => ({
      consume: (batch) =>
        batch.signal === "logs"
          ? next.consume(batch.select((record) => record.severityNumber >= 9))
          : next.consume(batch),
    }),
    /where all is accepted/,
  ],
  [
    "counts a batch that comes again twice",
    (settings, next) => ({
      async consume(batch) {
        if (batch.signal !== "logs") return next.consume(batch);
        const kept = batch.select((record) => record.severityNumber >= 9);
        settings.dropped(batch.itemCount - kept.itemCount, "low", true);
        return next.consume(kept);
      },
    }),
    /delays and rejects/,
  ],
  [
    "writes into the batch",
    (_settings, next) => ({
      consume(batch) {
        const bytes = batch.encode();
        bytes[bytes.length - 1]! ^= 1;
        return next.consume(batch);
      },
    }),
    /where all is accepted/,
  ],
  ["throws", () => ({ consume: () => Promise.reject(new Error("no")) }), /where all is accepted/],
  [
    "answers with something else",
    (_settings, next) => ({
      async consume(batch) {
        await next.consume(batch);
        return { kind: "ok" } as never;
      },
    }),
    /where all is accepted/,
  ],
  [
    "opens a file when it is created",
    (settings, next) => {
      existsSync(tmpdir());
      return sound(settings, next);
    },
    /without I\/O/,
  ],
  [
    "starts a timer when it is created",
    (settings, next) => {
      setTimeout(() => {}, 1).unref();
      return sound(settings, next);
    },
    /without I\/O/,
  ],
  [
    "shuts down once only",
    (settings, next) => {
      let ended = false;
      return {
        ...sound(settings, next),
        async shutdown() {
          if (ended) throw new Error("again");
          ended = true;
        },
      };
    },
    /twice/,
  ],
  ["keeps what it got", () => ({ consume: async () => accepted }), /where all is accepted/],
  [
    "hands on empty batches",
    (settings, next) => ({
      async consume(batch) {
        if (batch.signal !== "logs") return next.consume(batch);
        const verdict = await next.consume(batch);
        await next.consume(batch.select(() => false));
        void settings;
        return verdict;
      },
    }),
    /where all is accepted/,
  ],
])("finds a processor that %s", async (_what, create, name) => {
  expect(await failuresOf(testProcessor(processor(create)))).toContainEqual(expect.stringMatching(name));
});

test("finds a configuration that takes unknown keys or needs some", async () => {
  const loose = processor(sound, { config: z.looseObject({}) });
  const needy = processor(sound, { config: z.strictObject({ path: z.string() }) });
  expect(await failuresOf(testProcessor(loose))).toEqual(["describes itself, and takes an empty configuration"]);
  expect(await failuresOf(testProcessor(needy, { path: "x" }))).toEqual([
    "describes itself, and takes an empty configuration",
  ]);
});
