// What a server prints, through a real tmux and the built collector: each pattern set, a pattern of the user's, traces of three
// runtimes as one event each, in the stream and in the queue that the browser's errors use.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

const node = `TypeError: card is undefined
    at pay (/app/pay.js:3:9)
    at Server.<anonymous> (/app/server.js:10:3)`;
const python = `Traceback (most recent call last):
  File "/app/main.py", line 7, in pay
    total(card)
KeyError: 'items'`;
const java = `java.lang.IllegalStateException: cart is empty
\tat com.example.Shop.pay(Shop.java:12)
Caused by: java.lang.NullPointerException: card
\tat com.example.Card.get(Card.java:4)
\t... 3 more`;

/** What is printed, and the pattern and severity that its event has. */
const samples: readonly (readonly [text: string, pattern: string, severity: string])[] = [
  [node, "node-error", "error"],
  [python, "python-error", "error"],
  [java, "node-error", "error"],
  ["Error: connect ECONNREFUSED 127.0.0.1:5432", "database-unreachable", "error"],
  [" ⨯ Error: page failed", "nextjs-error", "error"],
  ['Warning: Each child in a list should have a unique "key" prop.', "react-warning", "warning"],
  ["[vite] Internal server error: Failed to parse source", "compile", "error"],
  ["panic: runtime error: index out of range", "panic", "error"],
  ["payment of order 17 took 4021ms", "slow-payment", "warning"],
];

test("every set, the user's own pattern, and traces joined: one event each, with its stack", async () => {
  await using world = await createWorld({ receivers: { devmux: {}, pane: {} } });
  const project = join(world.dir, "project");
  const file = join(project, "devmux.config.json");
  const watch = {
    patterns: [{ name: "slow-payment", regex: "payment of order \\d+ took \\d{4,}ms", severity: "warning" }],
  };
  const services = { api: { command: "cat printed.txt; sleep 1000", watch } };
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), services }));
  writeFileSync(join(project, "printed.txt"), samples.map(([text]) => `${text}\nall is well\n`).join(""));
  expect((await world.devmux("dev", "start")).code).toBe(0);
  try {
    const queued = await world.until("the last one in the queue", () => {
      const found = world.queue().filter(({ service }) => service === "node:api");
      return found.some(({ rawContent }) => rawContent.startsWith("payment of order")) ? found : undefined;
    });
    const seen = queued.filter(({ severity }) => severity !== "info");
    expect(seen.map(({ pattern, severity }) => [pattern, severity])).toEqual(
      samples.map(([, pattern, severity]) => [pattern, severity]),
    );
    expect(seen[0]?.stackTrace?.join("\n")).toContain("at Server.<anonymous> (/app/server.js:10:3)");
    expect(seen[1]).toMatchObject({ rawContent: "KeyError: 'items'" });
    expect(seen[2]?.stackTrace?.join("\n")).toContain("Caused by: java.lang.NullPointerException: card");
    const { stdout } = await world.devmux("tail", "api", "--severity", "error");
    for (const text of ["TypeError: card is undefined", "KeyError: 'items'", "total(card)", "... 3 more"])
      expect(stdout).toContain(text);
    const status = await world.devmux("watch", "status");
    expect(status.stdout).toMatch(/^api +watched, stream node:api$/m);
    expect((await world.devmux("watch", "stop", "api")).stdout).toBe("api: no longer watched\n");
    expect((await world.devmux("watch", "start", "api")).stdout).toBe("api: watched from now on\n");
    expect((await world.devmux("watch", "start", "api")).stdout).toBe("api: is watched already\n");
  } finally {
    await world.devmux("dev", "stop");
  }
});
