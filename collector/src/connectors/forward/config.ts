// The forward connector has no options.

import { z } from "zod";

export type ForwardConfig = Readonly<Record<string, never>>;

export const forwardConfig: z.ZodType<ForwardConfig> = z.strictObject({});
