// The scribe, where it is part of the same file, and what happens until it is there: nothing, since it is there at once.
// Bundles that a page's bundler splits have load-scribe.browser.ts in place of this.

import type { Fact } from "./capture/fact.ts";
import type { Capture } from "./logs/capture.ts";
import type { CreateScribe } from "./scribe.ts";
import { createScribe } from "./scribe.ts";

/** `use` gets it, or undefined and why it cannot be had. */
export function loadScribe(use: (create: CreateScribe | undefined, problem?: unknown) => void): void {
  use(createScribe);
}

export const copyValues = (values: readonly unknown[]): readonly unknown[] => values;

export const addPlainly = (_fact: Fact, _add: (capture: Capture) => void): void => {};
