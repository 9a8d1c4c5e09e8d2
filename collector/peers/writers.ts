// Programs that write OTLP and are not ours: each sends known telemetry to an endpoint, and says what it sent.

import { TransportItemType } from "@grafana/faro-core";
import { OtlpHttpTransport } from "@grafana/faro-transport-otlp-http";
import { SeverityNumber } from "@opentelemetry/api";
import { OTLPLogExporter as LogsGrpc } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPLogExporter as LogsJson } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as LogsProto } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter as MetricsGrpc } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { OTLPMetricExporter as MetricsJson } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as MetricsProto } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as TracesGrpc } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as TracesJson } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as TracesProto } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader, type PushMetricExporter } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { Effect, Layer } from "effect";
import { FetchHttpClient } from "effect/http";
import { Otlp } from "effect/observability";

export interface Endpoint {
  /** `http://127.0.0.1:port` */
  readonly http: string;
  readonly grpc: string;
}

const resource = resourceFromAttributes({ "service.name": "peer", "service.version": "1.2.3" });
/** Several batches for every writer. */
const defaultCount = 300;

/** Attribute values of every kind that the official API takes. */
export const attributes = {
  text: "größe 😀",
  yes: true,
  whole: 42,
  half: 0.5,
  negative: -7,
  list: ["a", "b"],
  numbers: [1, 2.5],
  map: { inner: { deep: "x" } },
};

export interface LogWriter {
  readonly name: string;
  /** Resolves when everything was sent and answered; gives the bodies in their order. */
  send(endpoint: Endpoint, count?: number): Promise<string[]>;
}

function official(name: string, create: (endpoint: Endpoint) => LogRecordExporter): LogWriter {
  return {
    name,
    async send(endpoint, count = defaultCount) {
      const processors = [new BatchLogRecordProcessor({ exporter: create(endpoint), maxExportBatchSize: 128 })];
      const provider = new LoggerProvider({ resource, processors });
      const logger = provider.getLogger("peer", "0.1.0", { schemaUrl: "https://example.dev/schema" });
      const bodies = Array.from({ length: count }, (_, index) => `${name} ${index}`);
      for (const [index, body] of bodies.entries()) {
        logger.emit({
          body,
          timestamp: 1_700_000_000_000 + index,
          severityNumber: SeverityNumber.WARN,
          severityText: "WARN",
          eventName: "peer.event",
          attributes,
        });
      }
      await provider.forceFlush();
      await provider.shutdown();
      return bodies;
    },
  };
}

const officialLogs: readonly LogWriter[] = [
  official("otel-js http json", ({ http }) => new LogsJson({ url: `${http}/v1/logs` })),
  official("otel-js http proto", ({ http }) => new LogsProto({ url: `${http}/v1/logs` })),
  official("otel-js grpc", ({ grpc }) => new LogsGrpc({ url: `http://${grpc}` })),
];

function effect(name: string, layer: typeof Otlp.layerJson): LogWriter {
  return {
    name,
    async send({ http }, count = defaultCount) {
      const bodies = Array.from({ length: count }, (_, index) => `${name} ${index}`);
      const program = Effect.forEach(bodies, (body) => Effect.logWarning(body).pipe(Effect.annotateLogs("half", 0.5)));
      const exporter = layer({
        baseUrl: http,
        loggerMergeWithExisting: false,
        resource: { serviceName: "peer", serviceVersion: "1.2.3" },
      });
      await Effect.runPromise(program.pipe(Effect.provide(exporter.pipe(Layer.provide(FetchHttpClient.layer)))));
      return bodies;
    },
  };
}

const faro: LogWriter = {
  name: "faro http json",
  async send({ http }, count = defaultCount) {
    const bodies = Array.from({ length: count }, (_, index) => `faro ${index}`);
    const transport = new OtlpHttpTransport({ logsURL: `${http}/v1/logs`, bufferSize: 10 });
    const quiet = { prefix: "", debug() {}, info() {}, warn() {}, error() {} };
    Object.assign(transport, { internalLogger: quiet, unpatchedConsole: quiet, config: {} });
    const meta = { app: { name: "peer", version: "1.2.3" }, session: { id: "s" } };
    await transport.send(
      bodies.map((message, index) => ({
        type: TransportItemType.LOG,
        meta,
        payload: {
          message,
          level: "warn",
          timestamp: new Date(1_700_000_000_000 + index).toISOString(),
          context: { half: "0.5" },
        },
      })) as never,
    );
    return bodies;
  },
};

export const logWriters: readonly LogWriter[] = [
  ...officialLogs,
  effect("effect json", Otlp.layerJson),
  effect("effect protobuf", Otlp.layerProtobuf as typeof Otlp.layerJson),
  faro,
];

export interface OpaqueWriter {
  readonly name: string;
  readonly signal: "traces" | "metrics";
  /** Gives how many spans or data points were sent, and texts that must arrive. */
  send(endpoint: Endpoint, count?: number): Promise<{ readonly count: number; readonly texts: readonly string[] }>;
}

function spans(name: string, create: (endpoint: Endpoint) => SpanExporter): OpaqueWriter {
  return {
    name,
    signal: "traces",
    async send(endpoint, count = defaultCount) {
      const provider = new TracerProvider({
        resource,
        spanProcessors: [new BatchSpanProcessor({ exporter: create(endpoint) })],
      });
      const tracer = provider.getTracer("peer");
      const ids: string[] = [];
      for (let index = 0; index < count; index++) {
        const span = tracer.startSpan(`${name} ${index}`, { attributes: { text: "größe", half: 0.5 } });
        span.addEvent("an event");
        span.end();
        ids.push(span.spanContext().traceId);
      }
      await provider.forceFlush();
      await provider.shutdown();
      return { count, texts: ids };
    },
  };
}

function metrics(name: string, create: (endpoint: Endpoint) => PushMetricExporter): OpaqueWriter {
  return {
    name,
    signal: "metrics",
    async send(endpoint) {
      const reader = new PeriodicExportingMetricReader({ exporter: create(endpoint), exportIntervalMillis: 3_600_000 });
      const provider = new MeterProvider({ resource, readers: [reader] });
      const meter = provider.getMeter("peer");
      const counter = meter.createCounter("peer.counter");
      const histogram = meter.createHistogram("peer.histogram");
      for (let index = 0; index < 10; index++) counter.add(index, { shard: index });
      for (let index = 0; index < 100; index++) histogram.record(index, { shard: index % 5 });
      await provider.forceFlush();
      await provider.shutdown();
      // The exporter is flushed once by hand and once on shutdown; both carry every data point.
      return { count: 2 * (10 + 5), texts: ["peer.counter", "peer.histogram"] };
    },
  };
}

export const opaqueWriters: readonly OpaqueWriter[] = [
  spans("otel-js http json", ({ http }) => new TracesJson({ url: `${http}/v1/traces` })),
  spans("otel-js http proto", ({ http }) => new TracesProto({ url: `${http}/v1/traces` })),
  spans("otel-js grpc", ({ grpc }) => new TracesGrpc({ url: `http://${grpc}` })),
  metrics("otel-js http json", ({ http }) => new MetricsJson({ url: `${http}/v1/metrics` })),
  metrics("otel-js http proto", ({ http }) => new MetricsProto({ url: `${http}/v1/metrics` })),
  metrics("otel-js grpc", ({ grpc }) => new MetricsGrpc({ url: `http://${grpc}` })),
];
