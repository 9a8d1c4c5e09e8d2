// Durations and sizes as people write them in a configuration: `5s`, `1m30s`, `200ms`; `64MiB`, `1GB`, `4096`.

import { z } from "zod";

const durationUnitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const durationText = /^(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h))+$/;
const durationPart = /(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g;

const sizeUnits: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};
const sizeText = /^(\d+(?:\.\d+)?)\s*([kmg]i?b|b)?$/i;

/** Milliseconds, or undefined where the text is no duration. The OTel Collector's (Go's) syntax without a sign. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!durationText.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(durationPart)) totalMs += Number(amount) * durationUnitsMs[unit!]!;
  return totalMs;
}

/** Bytes, or undefined where the text is no size. */
export function parseSize(text: string): number | undefined {
  const match = sizeText.exec(text.trim());
  return match ? Math.floor(Number(match[1]) * sizeUnits[(match[2] ?? "").toLowerCase()]!) : undefined;
}

/** A string with a default that becomes milliseconds. */
export type DurationSchema = z.ZodPipe<z.ZodDefault<z.ZodString>, z.ZodTransform<number, string>>;
/** A string or a number with a default that becomes bytes. */
export type SizeSchema = z.ZodPipe<
  z.ZodDefault<z.ZodUnion<readonly [z.ZodString, z.ZodNumber]>>,
  z.ZodTransform<number, string | number>
>;
/** A string or a number, or nothing, that becomes bytes or undefined. */
export type OptionalSizeSchema = z.ZodPipe<
  z.ZodOptional<z.ZodUnion<readonly [z.ZodString, z.ZodNumber]>>,
  z.ZodTransform<number | undefined, string | number | undefined>
>;

/** A duration in a component's config: reads `5s`, gives milliseconds. `fallback` is written as a user would. */
export function duration(fallback: string): DurationSchema {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined) return ms;
      context.addIssue({
        code: "custom",
        message: `expected a duration such as 5s, 200ms or 1m30s, got ${JSON.stringify(text)}`,
      });
      return z.NEVER;
    });
}

/** A size in a component's config: reads `64MiB` or a number of bytes, gives bytes. */
export function size(fallback: string | number): SizeSchema {
  return sizeInput().default(fallback).transform(readSize);
}

/** The same, where the default depends on something else. */
export function optionalSize(): OptionalSizeSchema {
  return sizeInput()
    .optional()
    .transform((value, context) => (value === undefined ? undefined : readSize(value, context)));
}

function sizeInput(): z.ZodUnion<readonly [z.ZodString, z.ZodNumber]> {
  return z.union([z.string(), z.number().int().nonnegative()]);
}

function readSize(value: string | number, context: z.core.$RefinementCtx): number {
  const bytes = typeof value === "number" ? value : parseSize(value);
  if (bytes !== undefined) return bytes;
  context.addIssue({
    code: "custom",
    message: `expected a size such as 64MiB or a number of bytes, got ${JSON.stringify(value)}`,
  });
  return z.NEVER;
}
