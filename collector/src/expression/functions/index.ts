// The functions that expressions may call, by name.

import type { FunctionDefinition } from "../context.ts";
import { conversions } from "./conversions.ts";
import { predicates } from "./predicates.ts";
import { texts } from "./texts.ts";

export const functions: ReadonlyMap<string, FunctionDefinition> = new Map(
  [...predicates, ...conversions, ...texts].map((definition) => [definition.name, definition]),
);
