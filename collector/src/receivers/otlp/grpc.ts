// OTLP/gRPC: the three Export services with our own bytes in and out. A signal without a pipeline is UNIMPLEMENTED, because
// its service is not added.

import type { Duplex } from "node:stream";
import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import { signals } from "@chriscode/devmux-telemetry-protocol";
import {
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { accepted, type Host, type Output, type Outputs, type Settings, type Verdict } from "../../component/index.ts";
import { refusalOf } from "./admission.ts";
import { OtlpHttpError, successBody } from "./answer.ts";
import type { OtlpGrpcConfig } from "./config.ts";
import { protobuf } from "./encoding.ts";
import { ProtobufMessage } from "./message.ts";
import { readRequest } from "./read.ts";

const services: Readonly<Record<Signal, string>> = {
  logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
};

type Export = handleUnaryCall<Buffer, Buffer>;

export interface OtlpGrpcServer {
  /** Serves a connection that has just been accepted and not been read. */
  take(socket: Duplex): void;
  /** Ends when the calls that run have their answers, at the latest after a short time. */
  close(): Promise<void>;
}

/** How long a running call may take once the collector stops. */
const drainMs = 1_000;

export function createOtlpGrpc(
  config: OtlpGrpcConfig,
  outputs: Outputs,
  host: Host,
  settings: Settings,
): OtlpGrpcServer {
  const server = new Server({ ...config.channel, "grpc.max_receive_message_length": config.maxMessageBytes });
  for (const signal of signals) {
    const output = outputs[signal];
    if (output !== undefined)
      server.addService(definition(signal), { Export: exporter(signal, output, config, host, settings) });
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    take: (socket) => injector.injectConnection(socket),
    async close() {
      injector.drain(drainMs);
      await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    },
  };
}

/** Bytes pass as they are: the batch is its bytes. */
function definition(signal: Signal): ServiceDefinition<{ Export: Export }> {
  const same = (bytes: Buffer) => bytes;
  return {
    Export: {
      path: services[signal],
      requestStream: false,
      responseStream: false,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    },
  } as ServiceDefinition<{ Export: Export }>;
}

function exporter(
  signal: Signal,
  output: Output,
  { authenticator }: OtlpGrpcConfig,
  host: Host,
  settings: Settings,
): Export {
  return async (call, callback) => {
    try {
      const decision = host.access({ host: call.getHost(), origin: textOf(call.metadata, "origin") });
      if (!decision.ok) return callback(failure(status.PERMISSION_DENIED, decision.message));
      const header = (name: string) => textOf(call.metadata, name);
      const reason = refusalOf({ remoteAddress: peerAddress(call.getPeer()), header }, authenticator, host);
      if (reason !== undefined) return callback(failure(status.UNAUTHENTICATED, reason));
      const { batch, rejected, message } = readRequest(signal, call.request, protobuf);
      const verdict: Verdict = batch.itemCount === 0 ? accepted : await output.consume(batch, "grpc");
      if (verdict.kind === "accepted") {
        return callback(
          null,
          successBody(signal, rejected + (verdict.refused ?? 0), message ?? verdict.reason, protobuf),
        );
      }
      settings.count("refused_requests");
      if (verdict.kind === "rejected") return callback(failure(status.INVALID_ARGUMENT, verdict.reason));
      return callback(failure(status.UNAVAILABLE, verdict.reason, verdict.retryAfterMs));
    } catch (error) {
      settings.count("refused_requests");
      if (error instanceof OtlpHttpError) return callback(failure(status.INVALID_ARGUMENT, error.message));
      settings.log.error("a call failed inside the receiver", { error: String(error) });
      return callback(failure(status.INTERNAL, "the collector failed; its log says why"));
    }
  };
}

/** `127.0.0.1:51234` or `[::1]:51234` without its port. */
function peerAddress(peer: string): string {
  return peer.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
}

function textOf(metadata: Metadata, name: string): string | undefined {
  const [value] = metadata.get(name);
  return value === undefined ? undefined : String(value);
}

/** With a wait, the google.rpc.Status of the trailers carries a RetryInfo (OTLP/gRPC throttling). */
function failure(code: status, message: string, retryAfterMs?: number): Partial<ServiceError> {
  const metadata = new Metadata();
  if (retryAfterMs !== undefined) {
    const delay = new ProtobufMessage()
      .varint(1, Math.floor(retryAfterMs / 1_000))
      .varint(2, Math.round((retryAfterMs % 1_000) * 1e6))
      .bytes();
    const retryInfo = new ProtobufMessage().message(1, delay).bytes();
    const any = new ProtobufMessage()
      .string(1, "type.googleapis.com/google.rpc.RetryInfo")
      .message(2, retryInfo)
      .bytes();
    const details = new ProtobufMessage().varint(1, code).string(2, message).message(3, any).bytes();
    metadata.set("grpc-status-details-bin", details);
  }
  return { code, details: message, metadata };
}
