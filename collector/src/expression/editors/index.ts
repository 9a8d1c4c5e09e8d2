// The functions that a statement may begin with, by name.

import type { EditorDefinition } from "../context.ts";
import { mapEditors } from "./maps.ts";
import { textEditors } from "./texts.ts";

export const editors: ReadonlyMap<string, EditorDefinition> = new Map(
  [...textEditors, ...mapEditors].map((definition) => [definition.name, definition]),
);
