// The `telemetry` key of devmux.config.json: its schema and defaults.

import { isIP } from "node:net";
import { z } from "zod";

/** Chosen in the plan: memorable, unlikely to conflict. */
export const defaultPort = 9876;
/** Only this machine; `0.0.0.0` opens the collector to phones on the network, and is a decision. */
export const defaultHost = "127.0.0.1";

export interface TelemetryConfig {
  readonly enabled: boolean;
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Asked of clients that come from the network. */
  readonly token?: string | undefined;
  /** Origins of pages, beside this machine's own, that may send. */
  readonly allowed_origins: readonly string[];
  /** A configuration of the OTel Collector's shape, or the path of a YAML file with one. */
  readonly collector?: string | Readonly<Record<string, unknown>> | undefined;
}

export const telemetrySchema: z.ZodType<TelemetryConfig> = z.strictObject({
  enabled: z.boolean().default(true),
  port: z.number().int().min(0, portRange()).max(65_535, portRange()).optional(),
  host: z
    .string()
    .refine(isHost, { error: ({ input }) => hostProblem(String(input)) })
    .optional(),
  token: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "expected visible ASCII characters without spaces")
    .optional(),
  allowed_origins: z
    .array(
      z.string().refine(isOrigin, {
        error: ({ input }) => `expected an origin such as http://localhost:3000, got ${JSON.stringify(input)}`,
      }),
    )
    .default([]),
  collector: z
    .union([z.string(), z.record(z.string(), z.unknown())], "expected an object, or the path of a YAML file")
    .optional(),
});

export function isHost(text: string): boolean {
  return isIP(text) !== 0 || text === "localhost";
}

export function hostProblem(text: string): string {
  return `expected an IP address of this machine, "localhost" or "0.0.0.0", got ${JSON.stringify(text)}`;
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function portRange(): string {
  return "expected a port from 0 (any free one) to 65535";
}
