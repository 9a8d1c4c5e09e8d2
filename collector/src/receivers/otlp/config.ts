// Options of the otlp receiver: the OTel Collector's keys (receiver/otlpreceiver, config/confighttp, config/configgrpc). Those of
// them that have no meaning here are refused with what to do instead.

import { z } from "zod";
import { auth, duration, type ListenAddress, listenAddress, refused, serverTls } from "../../component/index.ts";
import { size } from "../../config/units.ts";
import { contentEncodings } from "./body.ts";
import { keepalive } from "./keepalive.ts";

export interface OtlpHttpConfig {
  readonly address: ListenAddress;
  readonly maxBodyBytes: number;
  /** Exact origins of pages, beside this machine's own, that may post. */
  readonly allowedOrigins: readonly string[];
  /** Headers that pages may send; undefined: those that they ask for. */
  readonly allowedHeaders: readonly string[] | undefined;
  readonly corsMaxAgeSeconds: number;
  readonly paths: { readonly logs: string; readonly traces: string; readonly metrics: string };
  /** Id of the extension that knows who may send. */
  readonly authenticator: string | undefined;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** In lower case; the empty one is no compression. */
  readonly encodings: readonly string[];
  readonly keepAlive: boolean;
}

export interface OtlpGrpcConfig {
  readonly address: ListenAddress;
  readonly maxMessageBytes: number;
  readonly authenticator: string | undefined;
  /** Channel options of @grpc/grpc-js. */
  readonly channel: Readonly<Record<string, number>>;
}

export interface OtlpReceiverConfig {
  /** OTLP/HTTP on the collector's own port too, so that one address is enough. */
  readonly ownPort: boolean;
  readonly http: OtlpHttpConfig | undefined;
  readonly grpc: OtlpGrpcConfig | undefined;
}

const urlPath = (fallback: string) => z.string().startsWith("/").default(fallback);
/** As the Collector has them by default, so that a configuration that spells them out is taken. */
const tcp = () => z.literal("tcp", "only TCP is served; name host:port as endpoint").default("tcp");
const noMetadata = () =>
  z.literal(false, "nothing here reads what a client sends beside its telemetry; leave it out").default(false);
const noBuffer = refused("Node sizes the buffers of its sockets itself; leave it out");
const noMiddleware = refused("there are no middlewares here; memory_limiter is a processor");

const http = z
  .strictObject({
    endpoint: listenAddress(4318),
    transport: tcp(),
    tls: serverTls().optional(),
    auth: auth(),
    /** OTLP's recommendation, applied after decompression too; more is answered 413. */
    max_request_body_size: size("64MiB"),
    cors: z
      .strictObject({
        /** No wildcards, other than the Collector's: a pattern lets in what nobody thought of. */
        allowed_origins: z
          .array(z.string().refine(isOrigin, "expected an exact origin such as https://app.example.dev"))
          .default([]),
        /** None named: whatever a page that is let in asks for. */
        allowed_headers: z.array(z.string()).optional(),
        /** Seconds for which a browser need not ask again before it posts. */
        max_age: z.int().nonnegative().default(7_200),
      })
      .prefault({}),
    logs_url_path: urlPath("/v1/logs"),
    traces_url_path: urlPath("/v1/traces"),
    metrics_url_path: urlPath("/v1/metrics"),
    response_headers: z.record(z.string(), z.string()).default({}),
    compression_algorithms: z.array(z.enum(["", ...contentEncodings])).default(["", ...contentEncodings]),
    /** Time for a whole request: a slow client must not hold a connection for minutes. */
    read_timeout: duration("30s"),
    read_header_timeout: duration("10s"),
    /** The Collector's. */
    idle_timeout: duration("1m"),
    write_timeout: refused("an answer is shorter than a packet; leave it out"),
    keep_alives_enabled: z.boolean().default(true),
    include_metadata: noMetadata(),
    include_tls_metadata: noMetadata(),
    middlewares: noMiddleware,
  })
  .transform((config): OtlpHttpConfig => {
    const limits = {
      requestMs: config.read_timeout,
      headersMs: config.read_header_timeout,
      idleMs: config.idle_timeout,
    };
    return {
      address: secured({ ...config.endpoint, limits }, config.tls),
      maxBodyBytes: config.max_request_body_size,
      allowedOrigins: config.cors.allowed_origins,
      allowedHeaders: config.cors.allowed_headers,
      corsMaxAgeSeconds: config.cors.max_age,
      paths: { logs: config.logs_url_path, traces: config.traces_url_path, metrics: config.metrics_url_path },
      authenticator: config.auth,
      responseHeaders: config.response_headers,
      encodings: config.compression_algorithms,
      keepAlive: config.keep_alives_enabled,
    };
  });

const grpc = z
  .strictObject({
    endpoint: listenAddress(4317),
    transport: tcp(),
    tls: serverTls().optional(),
    auth: auth(),
    /** In MiB, as the Collector's; OTLP's recommendation. More is answered RESOURCE_EXHAUSTED, without a wait. */
    max_recv_msg_size_mib: z.int().positive().max(1_024).default(64),
    /** Calls at once over one connection; without it, HTTP/2's own default: no bound but the connection's. */
    max_concurrent_streams: z.int().positive().optional(),
    keepalive: keepalive(),
    read_buffer_size: noBuffer,
    write_buffer_size: noBuffer,
    include_metadata: noMetadata(),
    middlewares: noMiddleware,
  })
  .transform((config): OtlpGrpcConfig => {
    const { max_concurrent_streams: streams } = config;
    return {
      address: secured(config.endpoint, config.tls),
      maxMessageBytes: config.max_recv_msg_size_mib * 1024 * 1024,
      authenticator: config.auth,
      channel: { ...config.keepalive, ...(streams === undefined ? {} : { "grpc.max_concurrent_streams": streams }) },
    };
  });

/** A protocol that is named without options (`http:`) is null in YAML. */
const orNull = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === null ? {} : value), schema.optional());

export const otlpReceiverConfig: z.ZodType<OtlpReceiverConfig> = z
  .strictObject({
    own_port: z.boolean().default(true),
    /** As in the Collector only the protocols that are named are served; with none named, both. */
    protocols: z.strictObject({ http: orNull(http), grpc: orNull(grpc) }).prefault({ http: {}, grpc: {} }),
  })
  .transform(({ own_port, protocols }) => ({ ownPort: own_port, http: protocols.http, grpc: protocols.grpc }));

/** For the collector's own port where the configuration names no HTTP. */
export function ownPortDefaults(): OtlpHttpConfig {
  return otlpReceiverConfig.parse({ protocols: { http: {} } }).http!;
}

function secured(address: ListenAddress, tls: ListenAddress["tls"] | undefined): ListenAddress {
  return tls === undefined ? address : { ...address, tls };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
