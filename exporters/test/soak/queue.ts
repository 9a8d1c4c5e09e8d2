// The statements about the queue with their full numbers. Takes minutes; the tests run the same with small ones.
//
//   node exporters/test/soak/queue.ts [Q1 Q5 Q7 Q8 Q10 claims]

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manyClaimers, manyWriters, type RaceSize, race, tailing } from "../queue-statements.ts";

const full: RaceSize = {
  writers: 2,
  events: 2_500,
  times: 2,
  changers: 4,
  changes: 250,
  rotations: 100,
  keepClosedMs: 1e12,
};

const statements: Readonly<Record<string, (directory: string) => Promise<object>>> = {
  // 5,000 appends of each size by each of 8 processes would be 13 GB; the large ones are fewer.
  Q1: (directory) => manyWriters(directory, 8, 5_000, [200, 200, 5_000, 200, 70_000, 200, 5_000, 250_000]),
  Q5: (directory) => race(directory, full),
  "Q5 with what is done removed": (directory) => race(directory, { ...full, keepClosedMs: 0 }),
  Q7: (directory) => race(directory, { ...full, stopForMs: 500 }),
  Q8: (directory) => race(directory, { ...full, kills: 50 }),
  Q10: (directory) => tailing(directory, 5_000, 100),
  claims: (directory) => manyClaimers(directory, 8, 1_000),
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(statements)) {
  if (wanted.length > 0 && !wanted.some((each) => name.startsWith(each))) continue;
  const directory = mkdtempSync(join(tmpdir(), "devmux-soak-"));
  const start = performance.now();
  const figures = await run(directory);
  console.log(`${name}: holds, ${Math.round((performance.now() - start) / 1000)} s`, figures);
  rmSync(directory, { recursive: true, force: true });
}
