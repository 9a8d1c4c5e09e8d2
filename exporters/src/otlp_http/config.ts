// What a user may set for `otlp_http`, each default with its reason.

import type { Signal } from "@chriscode/devmux-telemetry-protocol";
import { auth, type ClientTls, clientTls, duration, refused } from "@chriscode/devmux-telemetry-server/component";
import { z } from "zod";
import { endpointProblem } from "./endpoint.ts";

export interface OtlpHttpConfig {
  /** One URL for each signal. */
  readonly urls: Readonly<Record<Signal, URL>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly encoding: "proto" | "json";
  readonly gzip: boolean;
  readonly timeoutMs: number;
  readonly tls: ClientTls;
  /** Id of the extension that says who we are. */
  readonly authenticator: string | undefined;
}

const signals = ["logs", "traces", "metrics"] as const;

/** OTLP/HTTP's own port on this machine. */
const defaultEndpoint = "http://localhost:4318";

const url = () =>
  z.string().superRefine((text, context) => {
    const problem = endpointProblem(text);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

export const otlpHttpConfig: z.ZodType<OtlpHttpConfig> = z
  .strictObject({
    /** Base of the three URLs: `/v1/logs`, `/v1/traces`, `/v1/metrics` are added, as in the Collector. */
    endpoint: url().default(defaultEndpoint),
    /** The whole URL for one signal; nothing is added. */
    logs_endpoint: url().optional(),
    traces_endpoint: url().optional(),
    metrics_endpoint: url().optional(),
    headers: z
      .record(z.string().regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, "expected a header's name"), z.string())
      .default({}),
    /** The batch is protobuf already; `json` is for backends that take nothing else. */
    encoding: z.enum(["proto", "json"]).default("proto"),
    /** The Collector's default: logs shrink to a tenth. */
    compression: z.enum(["gzip", "none"]).default("gzip"),
    /** The Collector's; past it the batch is tried again. */
    timeout: duration("30s"),
    /** For `https://`. */
    tls: clientTls(),
    auth: auth(),
    read_buffer_size: refused("Node sizes the buffers of its sockets itself; leave it out"),
    write_buffer_size: refused("Node sizes the buffers of its sockets itself; leave it out"),
    proxy_url: refused("no proxy is used; name one as endpoint that forwards to the backend"),
  })
  .transform((config) => {
    const urlOf = (signal: Signal) =>
      new URL(config[`${signal}_endpoint`] ?? `${config.endpoint.replace(/\/+$/, "")}/v1/${signal}`);
    const urls = Object.fromEntries(signals.map((signal) => [signal, urlOf(signal)])) as Record<Signal, URL>;
    const { headers, encoding, compression, timeout: timeoutMs, tls, auth: authenticator } = config;
    return { urls, headers, encoding, gzip: compression === "gzip", timeoutMs, tls, authenticator };
  });
