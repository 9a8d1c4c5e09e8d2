// Which pattern a line is a case of: the user's own first, then the chosen sets in their order.

import { compilePattern } from "../../../expression/pattern.ts";
import { type BuiltinPattern, builtinSets } from "./builtin.ts";
import { type OwnPattern, type PatternSet, type PatternSeverity, patternSetNames } from "./own.ts";

export interface Match {
  readonly name: string;
  readonly severity: PatternSeverity;
}

/** undefined where no pattern knows the line. */
export type Matcher = (line: string) => Match | undefined;

/** Messages say what they are near their beginning; the rest of a long line is data. */
const searchedChars = 4_096;

/** Throws ExpressionError where one of the user's patterns is none. */
export function createMatcher(sets: readonly PatternSet[], own: readonly OwnPattern[]): Matcher {
  const owns = own.map(({ name, severity, regex }) => ({ match: { name, severity }, pattern: compilePattern(regex) }));
  const builtins: readonly BuiltinPattern[] = patternSetNames
    .filter((name) => sets.includes(name))
    .flatMap((name) => builtinSets[name]);
  return (line) => {
    const text = line.length > searchedChars ? line.slice(0, searchedChars) : line;
    for (const { match, pattern } of owns) if (pattern.test(text)) return match;
    for (const pattern of builtins) if (pattern.regex.test(text)) return pattern;
    return undefined;
  };
}
