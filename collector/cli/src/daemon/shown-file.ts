// What `debug` shows where there is no terminal: a file of its own in the state directory, made with the first record and bounded as
// the log is. The collector's log never has a record's text.

import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Output } from "../shell.ts";
import { rotating } from "./log-file.ts";

export function shownFile(stateDir: string): string {
  return join(stateDir, "debug.log");
}

export function createShownFile(path: string): Output {
  let bounded: Output | undefined;
  const open = () => {
    const file = openSync(path, "a", 0o600);
    return rotating({ write: (text) => writeSync(file, text) > 0 }, path);
  };
  return {
    write(text) {
      bounded ??= open();
      return bounded.write(text);
    },
  };
}
