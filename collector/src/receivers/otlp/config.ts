// Options of the otlp receiver: the OTel Collector's keys.

import { z } from "zod";
import type { ListenAddress } from "../../component/index.ts";
import { listenAddress } from "../../config/listen-address.ts";
import { size } from "../../config/units.ts";
import { maxBodyBytes } from "../../http/listeners.ts";

export interface OtlpHttpConfig {
  readonly address: ListenAddress;
  readonly maxBodyBytes: number;
  /** Exact origins of pages, beside this machine's own, that may post. */
  readonly allowedOrigins: readonly string[];
  readonly corsMaxAgeSeconds: number;
  readonly paths: { readonly logs: string; readonly traces: string; readonly metrics: string };
}

export interface OtlpGrpcConfig {
  readonly address: ListenAddress;
  readonly maxMessageBytes: number;
}

export interface OtlpReceiverConfig {
  /** OTLP/HTTP on the collector's own port too, so that one address is enough. */
  readonly ownPort: boolean;
  readonly http: OtlpHttpConfig | undefined;
  readonly grpc: OtlpGrpcConfig | undefined;
}

const urlPath = (fallback: string) => z.string().startsWith("/").default(fallback);

const http = z
  .strictObject({
    endpoint: listenAddress(4318),
    /** OTLP's recommendation, applied after decompression too; more is answered 413. */
    max_request_body_size: size(maxBodyBytes),
    cors: z
      .strictObject({
        /** No wildcards, other than the Collector's: a pattern lets in what nobody thought of. */
        allowed_origins: z
          .array(z.string().refine(isOrigin, "expected an exact origin such as https://app.example.dev"))
          .default([]),
        /** Seconds for which a browser need not ask again before it posts. */
        max_age: z.int().nonnegative().default(7_200),
      })
      .prefault({}),
    logs_url_path: urlPath("/v1/logs"),
    traces_url_path: urlPath("/v1/traces"),
    metrics_url_path: urlPath("/v1/metrics"),
  })
  .transform((config) => ({
    address: config.endpoint,
    maxBodyBytes: config.max_request_body_size,
    allowedOrigins: config.cors.allowed_origins,
    corsMaxAgeSeconds: config.cors.max_age,
    paths: { logs: config.logs_url_path, traces: config.traces_url_path, metrics: config.metrics_url_path },
  }));

const grpc = z
  .strictObject({
    endpoint: listenAddress(4317),
    /** In MiB, as the Collector's; OTLP's recommendation. More is answered RESOURCE_EXHAUSTED, without a wait. */
    max_recv_msg_size_mib: z.int().positive().max(1_024).default(64),
  })
  .transform((config) => ({ address: config.endpoint, maxMessageBytes: config.max_recv_msg_size_mib * 1024 * 1024 }));

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

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
