// Values that are not needed: passed over, and checked all the same.

import { faultAt } from "../errors.ts";
import type { Lexer } from "./lexer.ts";

/** Objects and arrays inside each other: each takes some bytes of memory. */
const maxNesting = 100_000;

/** Passes over the value at hand. */
export function skipValue(lexer: Lexer): void {
  /** Whether each object or array around is an object. */
  const open: boolean[] = [];
  for (;;) {
    const isObject = lexer.atObject;
    if (isObject || lexer.atArray) {
      if (open.length === maxNesting) {
        const what = `expected at most ${maxNesting} objects and arrays inside each other, got more`;
        throw faultAt("DEVMUX_OTLP_TOO_DEEP", lexer.pos, what);
      }
      if (isObject ? lexer.enterObject() : lexer.enterArray()) {
        open.push(isObject);
        if (isObject) lexer.skipKey();
        continue;
      }
    } else {
      lexer.skipScalar();
    }
    // A value has ended, and with it perhaps those around it.
    for (;;) {
      const inObject = open[open.length - 1];
      if (inObject === undefined) return;
      if (inObject ? lexer.anotherMember() : lexer.anotherElement()) {
        if (inObject) lexer.skipKey();
        break;
      }
      open.pop();
    }
  }
}
