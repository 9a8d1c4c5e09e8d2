// A store's name as the name of a directory: any id, on any file system, no two the same.

import { createHash } from "node:crypto";

/** Leaves room below the 255 bytes that file systems allow. */
const maxLength = 120;

/** Small letters, digits, `-`, `.` and `_` stay; everything else is `~` and four hexadecimal digits, `~` itself included. */
export function directoryName(name: string): string {
  // Capitals too: some file systems take `A` for `a`. A leading dot would hide it, or be `..`.
  const safe = name.replace(/[^a-z0-9._-]|^\./g, (unit) => `~${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (safe.length <= maxLength) return safe;
  return `${safe.slice(0, maxLength)}~${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}
