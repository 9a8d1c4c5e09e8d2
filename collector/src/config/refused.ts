// A key of the OTel Collector's that has no meaning here: refused with a sentence of what to do instead, and not as unknown.

import { z } from "zod";

export type Refused = z.ZodOptional<z.ZodNever>;

export function refused(instead: string): Refused {
  return z.never({ error: instead }).optional();
}
