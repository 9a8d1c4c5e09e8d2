// All rules, the more exact before the more general: where two find the same secret, the first names it.

import { assignmentRules } from "./assignments.ts";
import { blockRules } from "./blocks.ts";
import type { Rule } from "./rule.ts";
import { tokenRules } from "./tokens.ts";

export type { Rule };
export const rules: readonly Rule[] = [...tokenRules, ...blockRules, ...assignmentRules];
