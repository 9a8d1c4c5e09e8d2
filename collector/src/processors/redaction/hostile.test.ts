// Texts that are made to cost: each is a megabyte of the beginnings of secrets, or of what comes near to one.

import fc from "fast-check";
import { expect, test } from "vitest";
import { innocentTexts } from "./corpus.innocent.ts";
import { secretSamples } from "./corpus.secrets.ts";
import { rules } from "./rules/index.ts";
import { createScanner } from "./scanner.ts";

const scanner = createScanner(rules);
const size = 1_000_000;
const filled = (piece: string) => piece.repeat(Math.ceil(size / piece.length));

const hostile: readonly string[] = [
  ...rules.flatMap(({ needles }) => needles.map(({ text }) => text.replaceAll("?", "_"))),
  "-----BEGIN PRIVATE KEY-----\n",
  "-----BEGIN RSA PRIVATE KEY-----\\nAAAA",
  "password=",
  "password= ",
  'password="',
  "password='",
  'password=\\"',
  'password=\\"x',
  "password=\\\\\\\\",
  "password=&",
  "password=,a",
  "password: x,",
  "secret=null ",
  "token=a&",
  "token:'",
  "token=next(",
  "eyJaaaaaaaaaaaa.",
  "eyJaaaaaaaaaaaa.aaaa.",
  "eyJ eyJ.",
  "://a:",
  "://a:b:c:d@",
  "://a:b@",
  "://:@",
  "cookie: a",
  "cookie: a=",
  "cookie=a;b=",
  "authorization: bearer ",
  "authorization: bearer x",
  "bearer a",
  "basic YTpi ",
  "basic aaaaaaaaaaaaaaaaaaaa ",
  "sk-ant-",
  "ghp_",
  "SG.aaaaaaaaaaaaaaaa.",
  ":AA",
  "1234567:AA",
  "signature=",
  "?sig=aaaaaaaaaaaaaaaaaaaa%",
];

/** Milliseconds for a text; the best of three where the machine is busy. */
function timeOf(text: string): number {
  const bytes = Buffer.from(text);
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && best > 100; attempt++) {
    const from = performance.now();
    scanner.mayHold(bytes, 0, bytes.length);
    scanner.secretsOf(bytes, 0, bytes.length);
    best = Math.min(best, performance.now() - from);
  }
  return best;
}

test("a megabyte of anything takes a fraction of a second, not minutes", () => {
  const slow = hostile.map((piece) => ({ piece, ms: Math.round(timeOf(filled(piece))) })).filter(({ ms }) => ms > 500);
  expect(slow).toEqual([]);
});

test("one repetition after a long run of what it could be made of", () => {
  const runs = ["a", "A", "1", " ", "\\", '"', "-", ".", "=", ",", "&a=", "é"];
  const slow = hostile
    .flatMap((piece) => runs.map((run) => ({ piece, run, ms: Math.round(timeOf(piece + run.repeat(200_000))) })))
    .filter(({ ms }) => ms > 100);
  expect(slow).toEqual([]);
});

test("whatever is scanned, what is found lies in the text, in order and apart, and on whole characters", () => {
  const piece = fc.oneof(
    fc.constantFrom(...secretSamples.map(({ text }) => text), ...innocentTexts, ...hostile),
    fc.string({ unit: "grapheme", maxLength: 20 }),
  );
  let found = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom("", " ", "\n", ";"), (pieces, between) => {
      const text = pieces.join(between);
      const bytes = Buffer.from(`before ${text} after`);
      const secrets = scanner.secretsOf(bytes, 7, bytes.length - 6) ?? [];
      if (secrets.length > 0) expect(scanner.mayHold(bytes, 7, bytes.length - 6)).toBe(true);
      let last = 0;
      for (const { start, end } of secrets) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        for (const edge of [start, end]) expect((bytes[7 + edge]! & 0xc0) === 0x80).toBe(false);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(bytes.length - 13);
      found += secrets.length;
    }),
    { numRuns: 2_000 },
  );
  expect(found).toBeGreaterThan(1_000);
});
