// What a call costs the page beyond the native call, in microseconds: the call itself, and all that follows from it on
// the page's thread. Each call has a text of its own; between rounds what was logged leaves.

import { Sink, start, startBrowser, startServer } from "./page.mjs";
import { names, printTable } from "./table.mjs";

/** By label: the call, and how many a round has. Datadog takes 3,000 in a minute and drops the others. */
const calls = {
  string: ["console.log('row ' + i + ' of a list that is shown')", 100],
  "small object": ["console.log('row ' + i, { id: i, name: 'ada', tags: ['a', 'b'] })", 100],
  error: ["console.error('row ' + i, error)", 100],
  "1 M array": ["console.log('row ' + i, million)", 5],
  "string, 30 frames deep": ["deep(30, () => console.log('row ' + i + ' of a list that is shown'))", 100],
};
const rounds = 15;

const setUp = `
  window.million = Array.from({ length: 1e6 }, (_, i) => i);
  window.error = new TypeError("no profile");
  window.deep = (levels, call) => (levels === 0 ? call() : deep(levels - 1, call));
  window.rest = () => new Promise((resolve) => setTimeout(resolve, 120));`;

/** Microseconds a call, the median of all rounds but the first, which warms up. */
async function measure(page, [call, count]) {
  const times = await page.evaluate(`(async () => {
    let i = 0;
    const round = (count) => { for (let n = 0; n < count; n++) { i++; ${call}; } };
    for (let warm = 0; warm < 4; warm++) { round(${count}); await rest(); }
    const times = [];
    for (let n = 0; n < ${rounds}; n++) {
      const started = performance.now();
      round(${count});
      times.push((performance.now() - started) * 1000 / ${count});
      await rest();
    }
    return times;
  })()`);
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

/** Microseconds of the page's thread for each of 2,900 string logs, until everything has left. */
async function measureAll(page) {
  const ask = await page.attach();
  await ask("Performance.enable", { timeDomain: "threadTicks" });
  const taskSeconds = async () => {
    const { metrics } = await ask("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value;
  };
  const before = await taskSeconds();
  await page.evaluate(`(async () => {
    for (let round = 0; round < 29; round++) {
      for (let n = 0; n < 100; n++) console.log("row " + (round * 100 + n) + " of a list that is shown");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await new Promise((resolve) => setTimeout(resolve, 6_000));
  })()`);
  return (((await taskSeconds()) - before) * 1e6) / 2_900;
}

await using browser = await startBrowser();
await using server = await startServer(new Sink());

/** Microseconds beyond those of a page without a client, one for each of the peers, in a page of its own each. */
async function compare(measureIn) {
  const figures = [];
  for (const name of ["", ...names]) {
    const page = await browser.open(name);
    await page.evaluate(setUp);
    if (name) await start(page, name, server.port);
    figures.push(await measureIn(page));
    await page.close();
  }
  const [native, ...others] = figures;
  return others.map((figure) => Math.max(0, figure - native));
}

const rows = {};
for (const [label, call] of Object.entries(calls)) rows[label] = await compare((page) => measure(page, call));
rows["string, all that follows"] = await compare(measureAll);
printTable(rows, "µs");
