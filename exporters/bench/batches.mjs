// Batches for the benchmarks. Every record is another one: a number runs through all of them.

import { LogsBuilder } from "@chriscode/devmux-telemetry-protocol";

const resource = {
  "service.name": "shop",
  "devmux.platform": "browser",
  "devmux.stream.name": "browser:localhost-3000",
};
let next = 0;

function batches(count, size, recordOf) {
  return Array.from({ length: count / size }, () => {
    const builder = new LogsBuilder(resource);
    for (let index = 0; index < size; index++) builder.add({ timeMs: Date.now(), ...recordOf(next++) });
    return builder.build();
  });
}

const source = (number) => ({
  "code.file.path": "http://localhost:3000/src/basket.ts?t=1763000000000",
  "code.line.number": 10 + (number % 40),
  "code.column.number": 15,
});

/** As the SDK sends a console line. */
export const consoleBatches = (count, size) =>
  batches(count, size, (number) => ({
    severityNumber: 9,
    severityText: "log",
    eventName: "browser.console",
    body: `item ${number} was put into the basket of customer ${number * 7}`,
    attributes: { "log.record.uid": `k3j2h1g0-${number}`, "browser.console.method": "log", ...source(number) },
  }));

/** As the plan's `log` message arrives. */
export const plainBatches = (count, size) =>
  batches(count, size, (number) => ({
    severityNumber: 9,
    severityText: "log",
    body: `item ${number} was put into the basket of customer ${number * 7}`,
    attributes: source(number),
  }));

export const errorBatches = (count, size) =>
  batches(count, size, (number) => ({
    severityNumber: 17,
    severityText: "error",
    eventName: "exception",
    body: `card ${number} is undefined`,
    attributes: {
      "log.record.uid": `k3j2h1g0-${number}`,
      "exception.type": "TypeError",
      "exception.message": `card ${number} is undefined`,
      "exception.stacktrace": [
        `TypeError: card ${number} is undefined`,
        ...Array.from(
          { length: 12 },
          (_, frame) => `    at step${frame} (http://localhost:3000/src/pay.ts:${40 + frame}:11)`,
        ),
      ].join("\n"),
      ...source(number),
    },
  }));
