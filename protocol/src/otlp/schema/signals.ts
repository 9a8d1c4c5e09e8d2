// The three levels of each signal's request: resources, scopes in them, items in these.

import type { Signal } from "../batch.ts";
import { logRecord, logsRequest, resourceLogs, scopeLogs } from "./logs.ts";
import type { Message } from "./message.ts";
import { metric, metricsRequest, resourceMetrics, scopeMetrics } from "./metrics.ts";
import { resourceSpans, scopeSpans, span, traceRequest } from "./trace.ts";

export interface Levels {
  readonly request: Message;
  readonly resource: Message;
  readonly scope: Message;
  readonly item: Message;
}

export const levelsOf: Readonly<Record<Signal, Levels>> = {
  logs: { request: logsRequest, resource: resourceLogs, scope: scopeLogs, item: logRecord },
  traces: { request: traceRequest, resource: resourceSpans, scope: scopeSpans, item: span },
  metrics: { request: metricsRequest, resource: resourceMetrics, scope: scopeMetrics, item: metric },
};

/** In every signal the requests' resources are field 1, and the children of a resource and of a scope field 2. */
export const resourcesTag = 0x0a;
export const childrenTag = 0x12;
