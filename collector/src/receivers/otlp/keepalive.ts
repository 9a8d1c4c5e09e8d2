// `keepalive` of a gRPC server: the OTel Collector's keys (config/configgrpc) as channel options of @grpc/grpc-js.

import { z } from "zod";
import { parseDuration, refused } from "../../component/index.ts";

export type KeepaliveSchema = z.ZodType<Readonly<Record<string, number>>>;

/** Absent ones are @grpc/grpc-js's own: nothing ends a connection, and nothing asks whether its client is there. */
const parameters = {
  max_connection_idle: "grpc.max_connection_idle_ms",
  max_connection_age: "grpc.max_connection_age_ms",
  max_connection_age_grace: "grpc.max_connection_age_grace_ms",
  time: "grpc.keepalive_time_ms",
  timeout: "grpc.keepalive_timeout_ms",
} as const;

const milliseconds = z
  .string()
  .transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= 1) return ms;
    context.addIssue({ code: "custom", message: `expected a duration such as 30s or 2h, got ${JSON.stringify(text)}` });
    return z.NEVER;
  })
  .optional();

export function keepalive(): KeepaliveSchema {
  return z
    .strictObject({
      server_parameters: z
        .strictObject({
          max_connection_idle: milliseconds,
          max_connection_age: milliseconds,
          max_connection_age_grace: milliseconds,
          time: milliseconds,
          timeout: milliseconds,
        })
        .prefault({}),
      enforcement_policy: refused(
        "Node's HTTP/2 answers pings whenever they come, and cannot be told otherwise; leave it out",
      ),
    })
    .transform(({ server_parameters: given }) => {
      const channel: Record<string, number> = {};
      for (const [key, option] of Object.entries(parameters)) {
        const ms = given[key as keyof typeof parameters];
        if (ms !== undefined) channel[option] = ms;
      }
      return channel;
    })
    .prefault({});
}
