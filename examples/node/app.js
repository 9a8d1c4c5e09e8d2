// A program like any other: nothing in it knows of telemetry, which is loaded before it.

import { setTimeout } from "node:timers/promises";

console.log("brewing %d cups", 2);
await setTimeout(50);
console.warn("the water is at", { celsius: 88 });
throw new RangeError("no cups left");
