// A batch as an app in development makes it: records of about 350 bytes in protobuf, most of their values different.

import { LogsBuilder } from "@chriscode/devmux-telemetry-protocol";

const paths = ["/cart", "/checkout/payment", "/api/products?page=2", "/api/users/4711/orders", "/search?q=shoes"];
const methods = ["log", "info", "warn", "error", "debug"];
const severities = [
  [9, "INFO"],
  [9, "INFO"],
  [13, "WARN"],
  [17, "ERROR"],
  [5, "DEBUG"],
];

export function payload(records) {
  const builder = new LogsBuilder(
    {
      "service.name": "my-web-app",
      "service.version": "1.4.2",
      "telemetry.sdk.name": "opentelemetry",
      "telemetry.sdk.language": "webjs",
      "devmux.session.id": "2f9c1c52-7f0e-4f0e-9c0e-0d6a2f3b8c11",
    },
    { name: "devmux.console", version: "0.1.0" },
  );
  for (let i = 0; i < records; i++) {
    const [severityNumber, severityText] = severities[i % 5];
    builder.add({
      timeMs: 1_790_000_000_000 + i * 7,
      observedTimeMs: 1_790_000_000_000 + i * 7 + 3,
      severityNumber,
      severityText,
      body: `request ${i} for ${paths[(i * 3) % 5]} took ${(i * 37) % 977} ms, ${i % 13} items in cart`,
      attributes: {
        "browser.console.method": methods[i % 5],
        "url.full": `http://localhost:3000${paths[i % 5]}`,
        "code.file.path": `http://localhost:3000/src/components/Cart${i % 17}.tsx`,
        "code.line.number": (i * 31) % 2000,
        "code.column.number": (i * 7) % 120,
        "session.id": `2f9c1c52-7f0e-4f0e-9c0e-${String(i % 100).padStart(12, "0")}`,
        "app.ready": i % 3 !== 0,
      },
      traceId: ((BigInt(i + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % 2n ** 128n).toString(16).padStart(32, "0"),
      spanId: ((BigInt(i + 1) * 0x9e3779b97f4a7c15n) % 2n ** 64n).toString(16).padStart(16, "0"),
      flags: 1,
    });
  }
  return builder.build();
}
