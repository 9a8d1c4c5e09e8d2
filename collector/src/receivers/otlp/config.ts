// Options of the otlp receiver: the OTel Collector's keys.

import { z } from "zod";
import type { ListenAddress } from "../../component/index.ts";
import { size } from "../../config/units.ts";
import { maxBodyBytes } from "../../http/listeners.ts";

export interface OtlpHttpConfig {
  /** Undefined: the collector's own port. */
  readonly address: ListenAddress | undefined;
  readonly maxBodyBytes: number;
  readonly paths: { readonly logs: string; readonly traces: string; readonly metrics: string };
}

export interface OtlpReceiverConfig {
  readonly http: OtlpHttpConfig;
}

const urlPath = (fallback: string) => z.string().startsWith("/").default(fallback);

const http = z
  .strictObject({
    /** `host:port`; without one the receiver is reached on the collector's own port. */
    endpoint: z.string().optional(),
    /** OTLP's recommendation, applied after decompression too; more is answered 413. */
    max_request_body_size: size(maxBodyBytes),
    logs_url_path: urlPath("/v1/logs"),
    traces_url_path: urlPath("/v1/traces"),
    metrics_url_path: urlPath("/v1/metrics"),
  })
  .transform((config, context) => {
    const address = config.endpoint === undefined ? undefined : parseEndpoint(config.endpoint);
    if (address === null) {
      context.addIssue({
        code: "custom",
        path: ["endpoint"],
        message: `expected host:port such as 127.0.0.1:4318, got ${JSON.stringify(config.endpoint)}`,
      });
      return z.NEVER;
    }
    const paths = { logs: config.logs_url_path, traces: config.traces_url_path, metrics: config.metrics_url_path };
    return { address, maxBodyBytes: config.max_request_body_size, paths };
  });

export const otlpReceiverConfig: z.ZodType<OtlpReceiverConfig> = z
  .strictObject({ protocols: z.strictObject({ http: http.prefault({}) }).prefault({}) })
  .transform(({ protocols }) => ({ http: protocols.http }));

function parseEndpoint(endpoint: string): ListenAddress | null {
  const match = /^(?:https?:\/\/)?(\[[0-9a-fA-F:]+\]|[^:[\]/]+):(\d{1,5})$/.exec(endpoint);
  if (!match || Number(match[2]) > 65_535) return null;
  return { host: match[1]!.replace(/^\[|\]$/g, ""), port: Number(match[2]), optional: true };
}
