// Loaded into the collector's process by `NODE_OPTIONS=--import`: faults that a test switches on while it runs, by files in the
// directory that DEVMUX_TEST_FAULTS names. `eio`: syncing a file fails. `clock`: milliseconds by which the clock is wrong.

import { existsSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

const { DEVMUX_TEST_FAULTS: directory } = process.env;
if (directory !== undefined) {
  await failSyncs(join(directory, "eio"));
  breakClock(join(directory, "clock"));
}

async function failSyncs(file) {
  const handle = await open(process.execPath, "r");
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const { datasync } = prototype;
  prototype.datasync = function () {
    return existsSync(file)
      ? Promise.reject(Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" }))
      : datasync.call(this);
  };
}

function breakClock(file) {
  const Real = Date;
  let wrongByMs = 0;
  setInterval(() => {
    wrongByMs = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  }, 10).unref();
  const now = () => Real.now() + wrongByMs;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
}
