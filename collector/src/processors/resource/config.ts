// Options of the resource processor.

import { z } from "zod";
import { type Action, actionSchema } from "../actions/config.ts";

export interface ResourceConfig {
  readonly actions: readonly Action[];
}

export const resourceConfig: z.ZodType<ResourceConfig> = z
  .strictObject({
    /** Run in order over the attributes of each resource, each over what the one before left. */
    attributes: z.array(actionSchema).prefault([]),
  })
  .transform(({ attributes }) => ({ actions: attributes }));
