// Options of the bearertokenauth extension: the OTel Collector's keys.

import { z } from "zod";

export interface BearerTokenConfig {
  /** In lower case. */
  readonly header: string;
  /** Before the token, with a space between; empty: nothing. */
  readonly scheme: string;
  readonly tokens: readonly string[];
  /** One token a line; takes the place of `tokens`. */
  readonly filename: string | undefined;
}

export const bearerTokenConfig: z.ZodType<BearerTokenConfig> = z
  .strictObject({
    header: z
      .string()
      .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, "expected a header's name")
      .default("Authorization"),
    scheme: z.string().default("Bearer"),
    token: token().optional(),
    /** Any of them is let in; the first is sent. */
    tokens: z.array(token()).min(1).optional(),
    filename: z.string().min(1).optional(),
  })
  .superRefine(({ token, tokens, filename }, context) => {
    // A secret has no default, and one that is missing must not let everybody in.
    if (token === undefined && tokens === undefined && filename === undefined)
      context.addIssue({
        code: "custom",
        message: "there is no token; name the secret that is asked for as token, tokens or filename",
      });
    if (token !== undefined && tokens !== undefined)
      context.addIssue({ code: "custom", path: ["token"], message: "tokens are given too; put this one among them" });
  })
  .transform(({ header, scheme, token, tokens, filename }) => ({
    header: header.toLowerCase(),
    scheme,
    tokens: tokens ?? (token === undefined ? [] : [token]),
    filename,
  }));

function token(): z.ZodString {
  return z
    .string()
    .regex(/^[\x21-\x7e]+$/, "expected a token without spaces and control characters, and not an empty one");
}
