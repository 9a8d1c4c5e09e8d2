// What makes a record the same record when a client sends it again: its uid, in a form that is safe to write down.

import { hash } from "node:crypto";
import { type AnyMap, ATTR_LOG_RECORD_UID } from "@chriscode/devmux-telemetry-protocol";
import { textOf } from "./fields.ts";

/** Longer ones are hashed: they are kept for as long as a record may come again. */
const safe = /^[\w.-]{1,64}$/;

/** Letters, digits, `_`, `.` and `-` only, at most 64; "" for a record that cannot be recognised again. */
export function identityOf(attributes: AnyMap): string {
  const uid = textOf(attributes, ATTR_LOG_RECORD_UID);
  return uid === "" || safe.test(uid) ? uid : `sha256-${hash("sha256", uid).slice(0, 32)}`;
}
