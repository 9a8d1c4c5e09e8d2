// The scribe, loaded after the core, and what happens until it is there: values are copied, and where records must leave
// before, they leave plainly.

import type { CreateScribe } from "./scribe.ts";

export { addPlainly } from "./logs/capture.ts";
export { copyValues } from "./values/copy.ts";

/** `use` gets it, or undefined and why it cannot be had. */
export function loadScribe(use: (create: CreateScribe | undefined, problem?: unknown) => void): void {
  import("./scribe.ts").then(
    ({ createScribe }) => use(createScribe),
    (problem: unknown) => use(undefined, problem),
  );
}
