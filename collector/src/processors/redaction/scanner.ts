// Runs the rules over bytes: whether there may be a secret (fast, for whole batches), and where in one text they are.

import { createFinder, type Visit } from "./finder.ts";
import type { Rule } from "./rules/index.ts";

/** A secret in a text: byte offsets from the text's beginning, and the rule that found it. */
export interface Secret {
  readonly start: number;
  readonly end: number;
  readonly rule: string;
}

interface Found extends Secret {
  /** Place of the rule in the list. */
  readonly rank: number;
}

export interface Scanner {
  /** False only where no rule can find anything. */
  mayHold(bytes: Uint8Array, start: number, end: number): boolean;
  /** The secrets of the UTF-8 text in [start, end), in order, none inside another; undefined where there are none. */
  secretsOf(bytes: Uint8Array, start: number, end: number): readonly Secret[] | undefined;
}

export function createScanner(rules: readonly Rule[]): Scanner {
  const needles = rules.flatMap((rule) => rule.needles);
  const ruleOf = rules.flatMap((rule) => rule.needles.map(() => rule));
  const finder = createFinder(needles);

  // What one search works on; a visitor of its own for each would cost more than most searches.
  let searched: Uint8Array = new Uint8Array(0);
  let from = 0;
  let to = 0;
  let text: string | undefined;
  let secrets: Found[] = [];
  let covered = 0;
  let lastStart = -1;

  const confirm: Visit = (needle, at) => ruleOf[needle]!.confirms?.(searched, at, to) ?? true;

  const examine: Visit = (needle, at) => {
    // Inside a secret there is nothing to find, but another rule may know what begins with it by a better name.
    if (at < covered && at !== lastStart) return false;
    // One byte, one character: offsets in the text are those in the bytes.
    text ??= Buffer.from(searched.buffer, searched.byteOffset + from, to - from).toString("latin1");
    const whole = text;
    const rule = ruleOf[needle]!;
    const found = rule.find(whole, at - from);
    if (found === undefined) return false;
    const end = afterCharacter(whole, found.end);
    secrets.push({ start: found.start, end, rule: rule.name, rank: rules.indexOf(rule) });
    // What begins with it does not open another place to look at, or a chain of names would be searched once for each.
    if (at >= covered) lastStart = from + found.start;
    covered = Math.max(covered, from + end);
    return false;
  };

  return {
    mayHold(bytes, start, end) {
      searched = bytes;
      to = end;
      return finder.search(bytes, start, end, confirm);
    },
    secretsOf(bytes, start, end) {
      searched = bytes;
      from = start;
      to = end;
      text = undefined;
      covered = start;
      lastStart = -1;
      secrets = [];
      finder.search(bytes, start, end, examine);
      text = undefined;
      return secrets.length === 0 ? undefined : withoutOverlaps(secrets);
    },
  };
}

/** A pattern that ends by its longest length may have ended inside a UTF-8 character. */
function afterCharacter(text: string, end: number): number {
  let at = end;
  while (at < text.length && (text.charCodeAt(at) & 0xc0) === 0x80) at++;
  return at;
}

/** Needles come roughly in order: a secret may be found inside or before one that was found earlier. */
function withoutOverlaps(found: readonly Found[]): readonly Secret[] {
  if (found.length === 1) return found;
  const ordered = found.toSorted((a, b) => a.start - b.start || a.rank - b.rank);
  const apart: Secret[] = [];
  for (const secret of ordered) {
    const last = apart.at(-1);
    if (last === undefined || secret.start >= last.end) apart.push(secret);
    else if (secret.end > last.end) apart[apart.length - 1] = { ...last, end: secret.end };
  }
  return apart;
}
