// Regular expressions of the user's, in RE2's syntax: no lookaround, no back-references, and time linear in the text.
//
// Linear still means pattern times text. Measured on Node 24, one instruction over one character takes up to 15 ns, so the
// bound below keeps one search of one record under 20 ms: a text is looked at as far as the pattern is small enough for.

import { createRequire } from "node:module";
import type { RE2JS } from "re2js";
import { EvaluationError, ExpressionError } from "./errors.ts";
import { compileTemplate, type Expand } from "./template.ts";

/** Loaded with the first pattern: a collector without patterns does without its megabytes. */
function engine(): typeof RE2JS {
  return (createRequire(import.meta.url)("re2js") as typeof import("re2js")).RE2JS;
}

/** Instructions of a pattern times characters of a text. */
const maxSteps = 1_048_576;
const maxSourceLength = 1_000;
const maxInstructions = 1_000;
/** A small pattern's share of a text; longer ones are not searched to the end. */
const maxSearchedChars = 65_536;
/** Replacing searches once for each match, so its time is measured instead. */
const maxReplaceMs = 20;
/** The same for all of a text. */
const maxRangesMs = 100;
/** Windows over a long text share this many characters, or half of themselves. */
const maxOverlap = 1_024;

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Pattern {
  readonly source: string;
  /** Characters of a text that are searched; what follows is as if it were not there. */
  readonly searchedChars: number;
  test(text: string): boolean;
  /** Every match replaced; undefined where nothing matches. Throws EvaluationError where it takes too long. */
  replacer(template: string, at: number): (text: string) => string | undefined;
  /**
   * Where it matches in all of a text, also past `searchedChars`: there in windows that overlap, so that a match longer than the
   * overlap may be found in part only. In order; two may touch or overlap. Throws EvaluationError where it takes too long.
   */
  ranges(text: string): readonly Range[];
  /** The named groups of the first match, without those that took no part in it. */
  groups(text: string): ReadonlyMap<string, string> | undefined;
  readonly groupNames: readonly string[];
}

/** `at` is where the pattern stands in its expression. Throws ExpressionError. */
export function compilePattern(source: string, at = 0): Pattern {
  if (source.length > maxSourceLength)
    throw new ExpressionError(at, `expected a pattern of at most ${maxSourceLength} characters, got ${source.length}`);
  const regex = compile(source, at);
  const instructions = regex.programSize();
  if (instructions > maxInstructions) {
    const what = `the pattern is too large: expected at most ${maxInstructions} instructions, got ${instructions}`;
    throw new ExpressionError(at, `${what}; repeat less with {n,m}`);
  }
  const searchedChars = Math.min(maxSearchedChars, Math.floor(maxSteps / instructions));
  const searched = (text: string) => (text.length > searchedChars ? text.slice(0, searchedChars) : text);
  const names = regex.namedGroups();
  return {
    source,
    searchedChars,
    groupNames: Object.keys(names),
    test: (text) => regex.test(searched(text)),
    replacer: (template, templateAt) =>
      createReplacer(regex, compileTemplate(template, regex.groupCount(), names, templateAt), searched),
    ranges: (text) => rangesOf(regex, text, searchedChars),
    groups(text) {
      const found = regex.exec(searched(text)) as (string | undefined)[] | null;
      if (found === null) return undefined;
      const groups = new Map<string, string>();
      for (const [name, index] of Object.entries(names)) {
        const value = found[index];
        if (value !== undefined) groups.set(name, value);
      }
      return groups;
    },
  };
}

function compile(source: string, at: number): RE2JS {
  try {
    return engine().compile(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : String(error);
    throw new ExpressionError(at, `invalid pattern: ${reason} (RE2's syntax: no lookaround, no back-references)`);
  }
}

function createReplacer(
  regex: RE2JS,
  expand: Expand,
  searched: (text: string) => string,
): (text: string) => string | undefined {
  return (text) => {
    const part = searched(text);
    if (!regex.test(part)) return undefined;
    const matcher = regex.matcher(part);
    const until = performance.now() + maxReplaceMs;
    let result = "";
    let copied = 0;
    while (matcher.find()) {
      result += part.slice(copied, matcher.start()) + expand((group) => matcher.group(group) ?? "");
      copied = matcher.end();
      if (performance.now() > until)
        throw new EvaluationError(`replacing with the pattern ${regex.pattern()} takes longer than ${maxReplaceMs} ms`);
    }
    return result + text.slice(copied);
  };
}

function rangesOf(regex: RE2JS, text: string, windowChars: number): Range[] {
  const until = performance.now() + maxRangesMs;
  const step = windowChars - Math.min(maxOverlap, windowChars >> 1);
  const ranges: Range[] = [];
  for (let from = 0; from === 0 || from + windowChars - step < text.length; from += step) {
    const window = text.slice(from, from + windowChars);
    if (!regex.test(window)) continue;
    for (const matcher = regex.matcher(window); matcher.find(); ) {
      if (performance.now() > until)
        throw new EvaluationError(`searching with the pattern ${regex.pattern()} takes longer than ${maxRangesMs} ms`);
      if (matcher.end() > matcher.start()) ranges.push({ start: from + matcher.start(), end: from + matcher.end() });
    }
  }
  return ranges;
}
