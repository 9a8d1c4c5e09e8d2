// "Creating does no I/O": what a create function starts is seen by async_hooks, what it does to files at once by standing in for
// the functions that would.

import { strict as assert } from "node:assert";
import { createHook } from "node:async_hooks";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** What running JavaScript makes by itself. */
const harmless: ReadonlySet<string> = new Set(["PROMISE", "TickObject", "Microtask"]);
const fileFunctions = [
  "openSync",
  "readFileSync",
  "writeFileSync",
  "appendFileSync",
  "mkdirSync",
  "mkdtempSync",
  "readdirSync",
  "rmSync",
  "unlinkSync",
  "renameSync",
  "statSync",
  "lstatSync",
  "existsSync",
  "accessSync",
  "chmodSync",
] as const;

/** Runs `create` and gives what it makes. Throws AssertionError where it starts a timer, opens a file or the like. */
export function withoutIo<T>(create: () => T): T {
  const started: string[] = [];
  const hook = createHook({
    init(_id, type) {
      if (!harmless.has(type)) started.push(type);
    },
  });
  const restore = replaceFileFunctions((name) => started.push(`fs.${name}`));
  let made: T;
  try {
    hook.enable();
    made = create();
  } finally {
    hook.disable();
    restore();
  }
  assert.deepEqual(started, [], "expected creating to start nothing: files and timers belong in start");
  return made;
}

function replaceFileFunctions(onCall: (name: string) => void): () => void {
  const functions = fs as unknown as Record<string, (...values: unknown[]) => unknown>;
  const originals = fileFunctions.map((name) => [name, functions[name]!] as const);
  for (const [name, original] of originals) {
    functions[name] = (...values) => {
      onCall(name);
      return original.apply(fs, values);
    };
  }
  syncBuiltinESMExports();
  return () => {
    for (const [name, original] of originals) functions[name] = original;
    syncBuiltinESMExports();
  };
}
