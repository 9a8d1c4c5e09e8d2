// Batches for the benchmarks: what the client sends for small console lines.

import { LogsBuilder } from "@chriscode/devmux-telemetry-protocol";

export function consoleBatch(count, { stream = "browser:localhost-3000", from = 0 } = {}) {
  const builder = new LogsBuilder({
    "service.name": "shop",
    "telemetry.sdk.name": "opentelemetry",
    "devmux.platform": "browser",
    "devmux.stream.name": stream,
  });
  const start = Date.now();
  for (let index = from; index < from + count; index++) {
    builder.add({
      timeMs: start + (index >> 4),
      severityNumber: 9,
      severityText: "log",
      eventName: "browser.console",
      body: `item ${index} was put into the basket of customer ${index * 7}`,
      attributes: {
        "log.record.uid": `k3j2h1g0-${index}`,
        "browser.console.method": "log",
        "code.file.path": "http://localhost:3000/src/basket.ts?t=1763000000000",
        "code.line.number": 10 + (index % 40),
        "code.column.number": 15,
      },
    });
  }
  return builder.build();
}

export function perRecord(name, records, run) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  run();
  const micros = ((performance.now() - start) * 1000) / records;
  const { user, system } = process.cpuUsage(cpu);
  const core = (user + system) / records;
  console.log(
    `${name.padEnd(34)} ${micros.toFixed(2).padStart(6)} µs/record  ${core.toFixed(2).padStart(6)} µs of CPU  ${Math.round(1e6 / micros)} records/s`,
  );
  return micros;
}
