import { expect, test } from "vitest";
import { createTestShell } from "../testing/shell.ts";
import { listenForStop } from "./stop-wish.ts";

test("the first signal asks for a stop, the second ends the process at once with 128 and its number", async () => {
  const shell = createTestShell();
  const wish = listenForStop(shell);
  shell.signal("SIGINT", 2);
  await wish.asked;
  expect([wish.reason(), wish.signal.aborted, shell.left]).toEqual(["SIGINT", true, []]);
  expect(() => shell.signal("SIGTERM", 15)).toThrow("left with 143");
});

test("a wish that is no signal does not count as the first of two", async () => {
  const shell = createTestShell();
  const wish = listenForStop(shell);
  wish.stop("stop");
  wish.stop("stop");
  await wish.asked;
  shell.signal("SIGTERM", 15);
  expect([wish.reason(), shell.left]).toEqual(["stop", []]);
});

test("nothing is heard any more after dispose", () => {
  const shell = createTestShell();
  const wish = listenForStop(shell);
  wish.dispose();
  shell.signal("SIGINT", 2);
  shell.signal("SIGINT", 2);
  expect([wish.signal.aborted, shell.left]).toEqual([false, []]);
});
