// An address to listen on, as people write it: `127.0.0.1:4318`, `[::1]:4318`, `localhost:4318`.

import { z } from "zod";
import type { ListenAddress } from "../component/component.ts";

export type ListenAddressSchema = z.ZodPipe<
  z.ZodOptional<z.ZodString>,
  z.ZodTransform<ListenAddress, string | undefined>
>;

/** Without one: that port on loopback, and the collector goes on where it is taken (well-known ports often are). */
export function listenAddress(defaultPort: number): ListenAddressSchema {
  return z
    .string()
    .optional()
    .transform((text, context): ListenAddress => {
      if (text === undefined) return { host: "127.0.0.1", port: defaultPort, optional: true };
      const address = parseEndpoint(text);
      if (address !== undefined) return address;
      context.addIssue({
        code: "custom",
        message: `expected host:port such as 127.0.0.1:${defaultPort}, got ${JSON.stringify(text)}`,
      });
      return z.NEVER;
    });
}

function parseEndpoint(text: string): ListenAddress | undefined {
  const match = /^(?:https?:\/\/)?(\[[0-9a-fA-F:]+\]|[^:[\]/]+):(\d{1,5})$/.exec(text);
  if (!match || Number(match[2]) > 65_535) return undefined;
  return { host: match[1]!.replace(/^\[|\]$/g, ""), port: Number(match[2]) };
}
