// What a user may set for `otlp_grpc`, each default with its reason.

import { auth, type ClientTls, clientTls, duration, refused } from "@chriscode/devmux-telemetry-server/component";
import { z } from "zod";

export interface OtlpGrpcConfig {
  /** `host:port` */
  readonly target: string;
  readonly secure: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly timeoutMs: number;
  readonly tls: ClientTls;
  /** Id of the extension that says who we are. */
  readonly authenticator: string | undefined;
  /** Channel options of @grpc/grpc-js. */
  readonly channel: Readonly<Record<string, number | string>>;
}

const endpointText = /^(?:(https?):\/\/)?((?:\[[0-9a-fA-F:]+\]|[^:[\]/@\s]+):\d{1,5})\/?$/;

export const otlpGrpcConfig: z.ZodType<OtlpGrpcConfig> = z
  .strictObject({
    /** `http://` sends in the clear, `https://` over TLS; without either `tls.insecure` decides. OTLP/gRPC's own port. */
    endpoint: z
      .string()
      .regex(endpointText, "expected host:port, http://host:port or https://host:port")
      .refine((text) => Number(/:(\d+)\/?$/.exec(text)?.[1]) <= 65_535, "expected a port up to 65535")
      .default("http://localhost:4317"),
    /** `insecure`, as in the Collector: an endpoint without a scheme is secure unless this says otherwise. */
    tls: clientTls(),
    auth: auth(),
    headers: z.record(z.string().regex(/^[0-9a-zA-Z_.-]+$/, "expected letters, digits, _ . -"), z.string()).default({}),
    /** The Collector's default: logs shrink to a tenth. */
    compression: z.enum(["gzip", "none"]).default("gzip"),
    /** The Collector's; past it the batch is tried again. */
    timeout: duration("5s"),
    /** Whether pings ask if the backend is there; without it nothing does but the next call. */
    keepalive: z
      .strictObject({
        time: duration("0s"),
        timeout: duration("20s"),
        permit_without_stream: z.boolean().default(false),
      })
      .optional(),
    /** Sent as `:authority`, where the backend is told by another name than the endpoint's. */
    authority: z.string().min(1).optional(),
    balancer_name: refused("one connection keeps the order of what is sent; leave it out"),
    wait_for_ready: refused("what cannot be sent waits in the sending queue; leave it out"),
    read_buffer_size: refused("Node sizes the buffers of its sockets itself; leave it out"),
    write_buffer_size: refused("Node sizes the buffers of its sockets itself; leave it out"),
  })
  .transform(({ endpoint, tls, headers, compression, timeout, auth: authenticator, keepalive, authority }) => {
    const [, scheme, target] = endpointText.exec(endpoint)!;
    const secure = scheme === undefined ? !tls.insecure : scheme === "https";
    const channel = {
      ...(authority === undefined ? {} : { "grpc.default_authority": authority }),
      ...(tls.serverName === undefined ? {} : { "grpc.ssl_target_name_override": tls.serverName }),
      ...(keepalive === undefined || keepalive.time === 0
        ? {}
        : {
            "grpc.keepalive_time_ms": keepalive.time,
            "grpc.keepalive_timeout_ms": keepalive.timeout,
            "grpc.keepalive_permit_without_calls": keepalive.permit_without_stream ? 1 : 0,
          }),
    };
    const gzip = compression === "gzip";
    return { target: target!, secure, headers, gzip, timeoutMs: timeout, tls, authenticator, channel };
  });
