// How long the first record takes: from `start` and a console.log straight after it in a page that has just loaded, to the
// moment when the server has it.

import { Sink, start, startBrowser, startServer } from "./page.mjs";
import { names, printTable } from "./table.mjs";

/** Datadog sends every 30 s. */
const longestWaitMs = 45_000;
const rounds = 3;

await using browser = await startBrowser();

async function measure(name) {
  const sink = new Sink();
  await using server = await startServer(sink);
  const page = await browser.open(name);
  const startedAt = await page.evaluate("Date.now()");
  await start(page, name, server.port);
  await page.evaluate("console.log('row 1')");
  while (sink.firstAtMs === undefined && Date.now() - startedAt < longestWaitMs)
    await new Promise((resolve) => setTimeout(resolve, 1));
  await page.close();
  return (sink.firstAtMs ?? Number.POSITIVE_INFINITY) - startedAt;
}

const times = await Promise.all(
  names.map(async (name) => {
    const each = [];
    for (let round = 0; round < rounds; round++) each.push(await measure(name));
    return each.sort((a, b) => a - b)[1];
  }),
);
printTable({ "first record": times }, "ms");
