// What a user may set for `otlp_grpc`, each default with its reason.

import { duration } from "@chriscode/devmux-telemetry-server/component";
import { z } from "zod";

export interface OtlpGrpcConfig {
  /** `host:port` */
  readonly target: string;
  readonly secure: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly timeoutMs: number;
}

const endpointText = /^(?:(https?):\/\/)?((?:\[[0-9a-fA-F:]+\]|[^:[\]/@\s]+):\d{1,5})\/?$/;

export const otlpGrpcConfig: z.ZodType<OtlpGrpcConfig> = z
  .strictObject({
    /** `http://` sends in the clear, `https://` over TLS; without either `tls.insecure` decides. OTLP/gRPC's own port. */
    endpoint: z
      .string()
      .regex(endpointText, "expected host:port, http://host:port or https://host:port")
      .default("http://localhost:4317"),
    tls: z
      .strictObject({
        /** As in the Collector: an endpoint without a scheme is secure unless this says otherwise. */
        insecure: z.boolean().default(false),
      })
      .prefault({}),
    headers: z.record(z.string().regex(/^[0-9a-zA-Z_.-]+$/, "expected letters, digits, _ . -"), z.string()).default({}),
    /** The Collector's default: logs shrink to a tenth. */
    compression: z.enum(["gzip", "none"]).default("gzip"),
    /** The Collector's; past it the batch is tried again. */
    timeout: duration("5s"),
  })
  .transform(({ endpoint, tls, headers, compression, timeout }) => {
    const [, scheme, target] = endpointText.exec(endpoint)!;
    const secure = scheme === undefined ? !tls.insecure : scheme === "https";
    return { target: target!, secure, headers, gzip: compression === "gzip", timeoutMs: timeout };
  });
