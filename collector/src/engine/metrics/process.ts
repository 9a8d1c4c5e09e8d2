// The process itself: time, memory, CPU, under the OTel Collector's names.

import type { MetricsSource } from "./metrics.ts";
import type { Instrument } from "./table.ts";

function instrument(
  type: Instrument["type"],
  name: string,
  description: string,
  unit: string,
  read: (source: MetricsSource) => number,
): Instrument {
  const measure = (source: MetricsSource) => [{ value: read(source), labels: {} }];
  return { type, name: `otelcol_process_${name}`, description, unit, read: measure };
}

export const ofProcess: readonly Instrument[] = [
  instrument("counter", "uptime", "since the collector started", "s", ({ uptimeMs }) => uptimeMs() / 1_000),
  instrument("counter", "cpu_seconds", "user and system time of the process", "s", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }),
  instrument("gauge", "memory_rss", "resident memory of the process", "By", () => process.memoryUsage.rss()),
  instrument(
    "gauge",
    "runtime_heap_alloc_bytes",
    "used heap of the JavaScript engine",
    "By",
    () => process.memoryUsage().heapUsed,
  ),
  instrument(
    "gauge",
    "runtime_total_sys_memory_bytes",
    "heap that the JavaScript engine has reserved",
    "By",
    () => process.memoryUsage().heapTotal,
  ),
];
