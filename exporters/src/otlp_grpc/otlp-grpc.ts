// OTLP/gRPC to a backend: the batch's own bytes in, a verdict out.

import { createSecureContext } from "node:tls";
import {
  accepted,
  authenticatorOf,
  type Batch,
  clientOptions,
  type Exporter,
  type Host,
  partlyAccepted,
  rejected,
  type Settings,
  type Signal,
  type Verdict,
  watchTls,
} from "@chriscode/devmux-telemetry-server/component";
import {
  type ChannelCredentials,
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { partialSuccessOf } from "../otlp/response.ts";
import { verdictOf } from "./codes.ts";
import type { OtlpGrpcConfig } from "./config.ts";

const methods: Readonly<Record<Signal, string>> = {
  logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
};

/** OTLP's recommended bounds for a client: what it sends, and what it reads of an answer. */
const maxRequestBytes = 64 * 1024 * 1024;
const maxResponseBytes = 4 * 1024 * 1024;

const same = (bytes: Buffer) => bytes;

export function createOtlpGrpcExporter(settings: Settings, config: OtlpGrpcConfig): Exporter {
  /** Signals that the backend does not know: said once, then dropped, counted, without a call. */
  const unknown = new Map<Signal, string>();
  let client: Client | undefined;
  let host: Host | undefined;
  let stopWatching = () => {};

  function channelCredentials(): ChannelCredentials {
    if (!config.secure) return credentials.createInsecure();
    const { rejectUnauthorized, servername: _named, ...context } = clientOptions(config.tls);
    return credentials.createFromSecureContext(createSecureContext(context), { rejectUnauthorized });
  }

  /** Throws where the authenticator does not run. */
  function ownHeaders(): Readonly<Record<string, string>> {
    const { authenticator } = config;
    return authenticator === undefined || host === undefined ? {} : authenticatorOf(host, authenticator).headers();
  }

  function connect(): Client {
    // A client does nothing until its first call.
    client ??= new Client(config.target, channelCredentials(), {
      ...config.channel,
      "grpc.default_compression_algorithm": config.gzip ? compressionAlgorithms.gzip : compressionAlgorithms.identity,
      "grpc.max_receive_message_length": maxResponseBytes,
    });
    return client;
  }

  function call(batch: Batch, signal: AbortSignal): Promise<Buffer> {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries({ ...config.headers, ...ownHeaders() })) metadata.set(name, value);
    const bytes = batch.encode();
    const request = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + config.timeoutMs;
      const running = connect().makeUnaryRequest(
        methods[batch.signal],
        same,
        same,
        request,
        metadata,
        { deadline },
        (error, response) => {
          signal.removeEventListener("abort", cancel);
          if (error) reject(error);
          else resolve(response ?? Buffer.alloc(0));
        },
      );
      const cancel = () => running.cancel();
      signal.addEventListener("abort", cancel, { once: true });
    });
  }

  function refuse(batch: Batch, error: ServiceError): Verdict {
    if (error.code !== status.UNIMPLEMENTED) return verdictOf(error, config.target);
    const reason = `${config.target} does not take ${batch.signal}; they are not sent there any more`;
    unknown.set(batch.signal, reason);
    settings.health("degraded", reason);
    return rejected(reason);
  }

  /** The reason why a signal is not sent, where there is one. */
  function refusal(signal: Signal): string | undefined {
    const { hostname, port } = new URL(`http://${config.target}`);
    if (!unknown.has(signal) && host?.isOwnAddress(hostname, Number(port))) {
      const reason = `${config.target} is this collector itself; name the backend as endpoint`;
      unknown.set(signal, reason);
      settings.health("degraded", reason);
    }
    return unknown.get(signal);
  }

  return {
    async start(running) {
      host = running;
      ownHeaders();
      channelCredentials();
      if (config.secure) {
        const renew = () => {
          client?.close();
          client = undefined;
        };
        stopWatching = watchTls(config.tls, () => clientOptions(config.tls), renew, settings.log);
      }
    },
    async export(batch, signal) {
      const stopped = refusal(batch.signal);
      if (stopped !== undefined) return rejected(stopped);
      if (batch.byteLength > maxRequestBytes)
        return rejected(`a request of ${batch.byteLength} bytes is larger than OTLP's ${maxRequestBytes}`);
      try {
        const partial = partialSuccessOf(await call(batch, signal));
        if (partial === undefined) return accepted;
        if (partial.rejected === 0) return { kind: "accepted", reason: partial.message };
        return partlyAccepted(Math.min(partial.rejected, batch.itemCount), partial.message);
      } catch (error) {
        return refuse(batch, error as ServiceError);
      }
    },
    async shutdown() {
      stopWatching();
      client?.close();
      client = undefined;
    },
  };
}
