// The universal law over every row, in a Node process, in Chromium and on the Hermes VM, over the wire; and the table of
// what arrives, which is generated here and must be what the README has. `UPDATE_SURVIVAL=1` writes it anew.

import { beforeAll, expect, test } from "vitest";
import { rows } from "../../src/testing/rows/rows.ts";
import { type Run, runInChromium, runInNode, runOnHermes } from "./engines.ts";
import { recordsOf, textOf } from "./records.ts";
import { compareWithReadme, tableOf, writeReadme } from "./table.ts";

const engines = { "in Node": runInNode, "in Chromium": runInChromium, "on Hermes": runOnHermes };
type Engine = keyof typeof engines;
const runs = new Map<Engine, Run>();

beforeAll(async () => {
  // One after the other: they are timed.
  for (const [name, run] of Object.entries(engines)) runs.set(name as Engine, await run());
}, 300_000);

function runOf(engine: Engine): Run {
  const run = runs.get(engine);
  if (run === undefined) throw new Error(`nothing has run ${engine}`);
  return run;
}

const cases = (Object.keys(engines) as Engine[]).flatMap((engine) =>
  rows.map((row, index) => [row.name, engine, row, index] as const),
);

test.each(cases)("%s %s: the law holds, and it arrives as it should", (_, engine, row, index) => {
  const survival = runOf(engine).survivals[index];
  expect(survival).toMatchObject({ name: row.name, faults: [] });
  const records = recordsOf(runOf(engine).records, index);
  if (survival?.isMissing) return expect(records).toEqual([]);
  expect(records.length).toBeLessThanOrEqual(survival?.calls ?? 0);
  for (const record of records) {
    expect(record.bytes).toBeLessThanOrEqual(65_536);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  }
  const expected = (engine === "on Hermes" ? row.onHermes : undefined) ?? row.expected;
  if (typeof expected === "string") expect(textOf(row, records)).toBe(expected);
  else expect(textOf(row, records)).toMatch(expected);
});

test.each(Object.keys(engines) as Engine[])("%s nothing is printed, and nothing fails inside the client", (engine) => {
  expect(runOf(engine).printed).toEqual([]);
});

test("the README's table says so", () => {
  const names = Object.keys(engines) as Engine[];
  const table = tableOf(
    rows.map((row, index) => [
      row.name,
      names.map((engine) =>
        runOf(engine).survivals[index]?.isMissing ? undefined : textOf(row, recordsOf(runOf(engine).records, index)),
      ),
    ]),
  );
  const { text, expected } = compareWithReadme(table);
  if (process.env.UPDATE_SURVIVAL) writeReadme(expected);
  else expect(text).toBe(expected);
});
