// A collector's exporters in a process of their own, to be killed. Sends numbered batches to the tmux exporter (without a tmux) and
// to the queue, and says `ack <n>` on stdout when both have taken one, which is when a collector acknowledges its client.
//
//   node crashing-child.ts <directory> <first batch> <batches> <records> <body bytes> [<crash at write n> <before|half|after>]

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { crashBatch, openExporters } from "./crash.ts";

const [directory = "", ...rest] = process.argv.slice(2);
const mode = rest.pop();
const [first = 0, batches = 0, records = 0, bodyBytes = 0, crashAt = 0] = rest.map(Number);

if (crashAt > 0) {
  const write = fs.writeSync;
  let count = 0;
  const crashing = (fd: number, bytes: Uint8Array): number => {
    if (++count < crashAt) return write(fd, bytes);
    if (mode === "half") write(fd, bytes.subarray(0, Math.floor(bytes.length / 2)));
    if (mode === "after") write(fd, bytes);
    process.kill(process.pid, "SIGKILL");
    // The signal may come a moment later; nothing may happen until then.
    for (;;);
  };
  fs.writeSync = crashing as typeof fs.writeSync;
  syncBuiltinESMExports();
}

const exporters = await openExporters(directory);
for (let number = first; number < first + batches; number++) {
  await exporters.send(crashBatch(number, records, bodyBytes));
  // Not process.stdout: an acknowledgement is not one of the writes that are counted.
  await new Promise<void>((resolve) => fs.write(1, `ack ${number}\n`, () => resolve()));
}
await exporters.shutdown();
