// What the collector costs while nothing happens: the built daemon, as it runs for somebody who has configured nothing.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

/**
 * The promise is 100 MB; a collector that is past this has lost the margin that another machine needs. Node alone is 45 MB.
 * What usually takes it away is a library loaded at the start: load it where it is used.
 */
const maxIdleMegabytes = 90;

test(`an idle collector with the default pipelines keeps less than ${maxIdleMegabytes} MB resident`, async () => {
  await using world = await createWorld({ telemetry: { collector: undefined } });
  await world.start();
  const { pid, pipelines, components } = await world.status();
  expect(pipelines.flatMap(({ processors }) => processors)).toContain("redaction");
  expect(components.map(({ id }) => id)).toEqual(expect.arrayContaining(["devmux", "otlp", "tmux", "queue"]));
  // It is measured once what the start left has been given back, which happens when nothing has come for two seconds.
  let smallest = Number.POSITIVE_INFINITY;
  await world
    .until(
      "the idle collector",
      () => {
        smallest = Math.min(smallest, residentMegabytes(pid));
        return smallest < maxIdleMegabytes;
      },
      15_000,
    )
    .catch(() => undefined);
  expect(smallest).toBeLessThan(maxIdleMegabytes);
});

function residentMegabytes(pid: number): number {
  const path = `/proc/${pid}/status`;
  const kibibytes = existsSync(path)
    ? /VmRSS:\s+(\d+)/.exec(readFileSync(path, "utf8"))?.[1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Math.round(Number(kibibytes) / 1024);
}
