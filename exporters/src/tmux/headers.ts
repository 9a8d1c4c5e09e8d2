// Our own lines in a spool: the date when it changes, and who connects and disconnects.

import type { StreamChange } from "@chriscode/devmux-telemetry-server/component";
import { localDate } from "../text/clock.ts";
import { createHeaderFormat } from "../text/header.ts";
import type { Spool } from "./spool.ts";

export interface Headers {
  /** To be called before records are appended: their lines have times only. */
  beforeRecords(spool: Spool): void;
  change(spool: Spool, change: StreamChange): void;
}

const words = { opened: "connected", closed: "disconnected" } as const;

/** A header that cannot be written is left out: the records that follow will say what is wrong with the spool. */
export function createHeaders(color: boolean): Headers {
  const format = createHeaderFormat({ color });
  const dates = new Map<Spool, string>();

  function beforeRecords(spool: Spool): void {
    const now = Date.now();
    const today = localDate(now);
    if (dates.get(spool) === today) return;
    if (spool.append([format.date(now)], [""]).problem === undefined) dates.set(spool, today);
  }

  return {
    beforeRecords,
    change(spool, { kind, stream, at }) {
      beforeRecords(spool);
      spool.append([format.change(at, words[kind], stream.name, `${stream.service}, ${stream.platform}`)], [""]);
    },
  };
}
