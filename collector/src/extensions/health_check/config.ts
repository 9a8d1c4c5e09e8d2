// Options of the health_check extension: the OTel Collector's keys.

import { z } from "zod";
import { type ListenAddress, listenAddress } from "../../component/index.ts";

export interface HealthCheckConfig {
  readonly address: ListenAddress;
  readonly path: string;
}

export const healthCheckConfig: z.ZodType<HealthCheckConfig> = z
  .strictObject({
    /** The Collector's port. Without one that is named, the collector goes on where it is taken. */
    endpoint: listenAddress(13_133),
    /** What asks for `path` gets readiness; below it stand `live` and `ready`. */
    path: z.string().startsWith("/").default("/"),
  })
  .transform(({ endpoint, path }) => ({ address: endpoint, path }));
