// Small JSON files that only their owner reads, replaced as a whole: a reader finds the old one or the new one, never half.

import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { z } from "zod";

/** Mode 0600 whatever the umask; on disk before it takes the place of the old one. */
export function writePrivateJson(path: string, value: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  const temporary = `${path}.${randomUUID()}`;
  const file = openSync(temporary, "wx", 0o600);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export type PrivateJson<T> =
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly reason: string }
  | { readonly kind: "read"; readonly value: T };

export function readPrivateJson<T>(path: string, schema: z.ZodType<T>): PrivateJson<T> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? { kind: "absent" } : { kind: "unreadable", reason: `${path} cannot be read (${code})` };
  }
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return { kind: "read", value: parsed.data };
    return {
      kind: "unreadable",
      reason: `${path} is not what was written there: ${z.prettifyError(parsed.error).replace(/\s+/g, " ")}`,
    };
  } catch {
    return { kind: "unreadable", reason: `${path} is no JSON` };
  }
}
