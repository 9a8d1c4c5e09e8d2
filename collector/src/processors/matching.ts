// Which records a processor looks at: those that one of its conditions matches, or all where it has none.

import type { Condition, Failures } from "../expression/index.ts";

/** A condition that cannot be applied to a record does not match it. */
export function createMatching<Subject>(
  conditions: readonly Condition<Subject>[],
  failures: Pick<Failures, "note">,
): (subject: Subject) => boolean {
  if (conditions.length === 0) return () => true;
  const holds = ({ source, matches }: Condition<Subject>, subject: Subject): boolean => {
    try {
      return matches(subject);
    } catch (error) {
      failures.note(source, error);
      return false;
    }
  };
  return (subject) => conditions.some((condition) => holds(condition, subject));
}
