// Batches that show something to every component: severities, repeats, nested values, several resources, secrets, odd texts.

import { type Batch, Logs, LogsBuilder, opaqueFromJson, type Signal } from "@chriscode/devmux-telemetry-protocol";

const severities = [1, 5, 9, 9, 9, 13, 17, 21] as const;
const startMs = 1_700_000_000_000;

/** `count` batches of a signal with ten items or more each. */
export function contractBatches(signal: Signal, count: number): Batch[] {
  return Array.from({ length: count }, (_, index) => (signal === "logs" ? logs(index) : opaque(signal, index)));
}

function logs(batch: number): Logs {
  const services = ["shop", "api", "shop"].map((service, index) => {
    const builder = new LogsBuilder(
      {
        "service.name": service,
        "devmux.platform": index === 1 ? "node" : "browser",
        "url.full": `http://localhost:${3000 + index}/`,
        "db.url": "postgres://app:correct-horse-9@db/app",
      },
      { name: "contract", version: "1" },
    );
    for (let record = 0; record < 5; record++) {
      const number = batch * 100 + index * 10 + record;
      builder.add({
        timeMs: startMs + number,
        observedTimeMs: startMs + number + 1,
        severityNumber: severities[number % severities.length]!,
        body:
          record === 0
            ? "the same every time"
            : record === 1
              ? { step: number, note: "nested" }
              : `record ${number} 😀`,
        attributes: {
          "log.record.uid": `u-${number}`,
          "http.request.header.authorization": record === 2 ? "Bearer abcdef0123456789abcdef" : undefined,
          list: [number, "x", null],
        },
      });
    }
    return builder.build();
  });
  return Logs.merge(services);
}

function opaque(signal: "traces" | "metrics", batch: number): Batch {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] };
  const nano = String(BigInt(startMs + batch) * 1_000_000n);
  const spans = Array.from({ length: 10 }, (_, index) => ({
    traceId: "0102030405060708090a0b0c0d0e0f10",
    spanId: (batch * 100 + index + 1).toString(16).padStart(16, "0"),
    name: `GET /item/${index}`,
    startTimeUnixNano: nano,
    endTimeUnixNano: nano,
  }));
  const dataPoints = spans.map((_, index) => ({ asInt: String(index), startTimeUnixNano: nano, timeUnixNano: nano }));
  const request =
    signal === "traces"
      ? { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "contract" }, spans }] }] }
      : {
          resourceMetrics: [
            {
              resource,
              scopeMetrics: [{ scope: { name: "contract" }, metrics: [{ name: "items", gauge: { dataPoints } }] }],
            },
          ],
        };
  return opaqueFromJson(signal, request).batch;
}
