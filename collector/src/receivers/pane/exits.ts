// The line that the service's own shell prints when its command has ended: an error of its own only where no error came before
// it, for then the exit is all that is known.

import { ATTR_DEVMUX_PATTERN, type LogRecordInit, SEVERITY_ERROR } from "@chriscode/devmux-telemetry-protocol";

export const exitPattern = "service-exit";

/** `[devmux] api exited with code 1`. */
const exitLinePattern = /^\[devmux\] \S{1,64} exited with code (\d{1,3})$/;
/** 128 plus SIGINT, SIGTERM: someone ended it. */
const endedBySomeone = new Set([0, 129, 130, 143]);
/** A crash's last words and its exit come together. */
const reasonWithinMs = 2_000;

export type ExitJudge = (record: LogRecordInit, now: number) => LogRecordInit;

export function createExitJudge(): ExitJudge {
  let lastErrorAt = Number.NEGATIVE_INFINITY;
  return (record, now) => {
    const code = typeof record.body === "string" ? exitLinePattern.exec(record.body)?.[1] : undefined;
    if (code === undefined) {
      if ((record.severityNumber ?? 0) >= SEVERITY_ERROR) lastErrorAt = now;
      return record;
    }
    const attributes = { ...record.attributes, [ATTR_DEVMUX_PATTERN]: exitPattern };
    const isNews = !endedBySomeone.has(Number(code)) && now - lastErrorAt > reasonWithinMs;
    return isNews
      ? { ...record, attributes, severityNumber: SEVERITY_ERROR, severityText: "error" }
      : { ...record, attributes };
  };
}
