// A page that logs 100,000 records while nobody is there: how much its memory has grown, array buffers too, and how many of
// the records arrive once the server is there.

import { Sink, start, startBrowser, startServer } from "./page.mjs";
import { names, printTable } from "./table.mjs";

const records = 100_000;
/** Ours asks once a minute, and at once when the page gets the focus; the others within a minute. */
const longestWaitMs = 90_000;

async function freePort() {
  await using server = await startServer(new Sink());
  return server.port;
}

await using browser = await startBrowser();

async function measure(name) {
  const page = await browser.open(name);
  const ask = await page.attach();
  await ask("HeapProfiler.enable");
  const usedBytes = async () => {
    await ask("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = await ask("Runtime.getHeapUsage");
    return usedSize + backingStorageSize;
  };
  const port = await freePort();
  await start(page, name, port);
  await page.evaluate("new Promise((resolve) => setTimeout(resolve, 500))");
  const before = await usedBytes();
  await page.evaluate(`(async () => {
    for (let i = 0; i < ${records}; i++) {
      console.log("row " + i, { id: i, name: "ada", tags: ["a", "b"] });
      if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  })()`);
  const grown = (await usedBytes()) - before;
  const sink = new Sink();
  await using _server = await startServer(sink, port);
  await page.evaluate("dispatchEvent(new Event('online')), dispatchEvent(new Event('focus'))");
  // Until nothing has come for ten seconds.
  const startedAt = Date.now();
  let lastAt = startedAt;
  for (let seen = 0; Date.now() - startedAt < longestWaitMs && Date.now() - lastAt < 40_000; ) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (sink.rows.size !== seen) lastAt = Date.now();
    seen = sink.rows.size;
  }
  await page.close();
  return { grown, arrived: sink.rows.size };
}

const all = [];
for (const name of names) all.push(await measure(name));
printTable({ "memory after 100,000 records offline": all.map(({ grown }) => grown / 1024) }, "KiB");
console.log(`of them arrive later: ${all.map(({ arrived }, index) => `${names[index]} ${arrived}`).join(", ")}`);
printTable({ "memory for each that arrives": all.map(({ grown, arrived }) => grown / 1024 / arrived) }, "KiB");
