// What makes two records the same, as a key of a map: their bytes, or where those are many, a hash that stands for them.

import { createHash, hash } from "node:crypto";
import type { Logs } from "@chriscode/devmux-telemetry-protocol";

/** Longer records are compared by their SHA-256: no two that differ have the same. */
const maxKeyBytes = 1_024;

/** The key of each record of a batch, in order. */
export function* keysOf(batch: Logs, ignores: (attribute: string) => boolean): Generator<string> {
  const origins = new Map<number, string>();
  for (const { origin, content } of batch.identities(ignores)) {
    let prefix = origins.get(origin);
    if (prefix === undefined) {
      prefix = hash("sha256", batch.originBytes(origin), "base64");
      origins.set(origin, prefix);
    }
    const text =
      content.length > maxKeyBytes
        ? createHash("sha256").update(content).digest("base64")
        : Buffer.from(content.buffer, content.byteOffset, content.length).toString("latin1");
    // A hash has another length than what it stands for.
    yield `${prefix}${content.length > maxKeyBytes ? "#" : "="}${text}`;
  }
}
