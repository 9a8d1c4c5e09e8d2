// Each stream becomes a file of cleaned lines, and a tmux session that shows it. The file is the delivery: what a batch has for
// a stream is one write to it. The session is looked after in the background and nothing waits for it.

import type { Logs } from "@chriscode/devmux-telemetry-protocol";
import {
  accepted,
  type Exporter,
  partlyAccepted,
  rejected,
  retryable,
  type Settings,
  type Verdict,
} from "@chriscode/devmux-telemetry-server/component";
import type { AppendEvent } from "../files/append-file.ts";
import { type FileProblem, isSystemWide } from "../files/problem.ts";
import { createConditions } from "../record/conditions.ts";
import { createRecordFormat } from "../text/format.ts";
import { wantsColor } from "../text/palette.ts";
import { createTmux, socketNameOf } from "./command.ts";
import type { TmuxConfig } from "./config.ts";
import { pruneStoredStreams } from "./files.ts";
import { createHeaders } from "./headers.ts";
import { createParts, type Part } from "./parts.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createSpoolSet, type SpoolSet } from "./streams.ts";

interface Written {
  readonly part: Part;
  /** How many of its records are in the spool. */
  readonly written: number;
  readonly problem: FileProblem | undefined;
}

interface Running {
  readonly spools: SpoolSet;
  readonly sessions: Sessions;
  readonly stopListening: () => void;
}

/** A disk that was full is looked at again after this. */
const retryAfterMs = 1_000;

const counters: { readonly [event in AppendEvent]: string } = {
  replaced: "spools_replaced",
  truncated: "spools_truncated",
  torn: "torn_lines",
};

export function createTmuxExporter(settings: Settings, config: TmuxConfig, environment: NodeJS.ProcessEnv): Exporter {
  const color = wantsColor(config.color, true, environment);
  const batches = createParts(
    createRecordFormat({ color, maxLineChars: config.maxLineChars, maxRecordLines: config.maxRecordLines }),
  );
  const headers = createHeaders(color);
  const conditions = createConditions(settings);
  let running: Running | undefined;

  function write(part: Part): Written {
    headers.beforeRecords(part.spool);
    const { written, problem } = part.spool.append(part.texts, part.keys);
    conditions.set(part.spool.place.spoolPath, problem?.message);
    return { part, written, problem };
  }

  function writeAll(logs: Logs, { spools, sessions }: Running): Verdict {
    const parts = batches.partsOf(logs, spools, () => settings.count("duplicates_suppressed"));
    const results = parts.map(write);
    for (const { part, problem } of results) if (problem === undefined) sessions.want(part.spool.place);
    const wait = results.find(({ problem }) => problem !== undefined && isSystemWide(problem))?.problem;
    if (wait !== undefined) {
      for (const { part, written } of results) batches.interrupted(logs, part, written);
      return retryable(wait.message, retryAfterMs);
    }
    // One stream's file is unusable: its records are lost, and nobody else's wait for it.
    const lost = results.reduce((sum, { part, written }) => sum + part.texts.length - written, 0);
    const reason = results.find(({ problem }) => problem !== undefined)?.problem?.message;
    return lost === 0 ? accepted : partlyAccepted(lost, reason ?? "");
  }

  function prune(stateDir: string): void {
    try {
      pruneStoredStreams({ stateDir }, config.maxStreams);
    } catch (error) {
      settings.log.warn("old streams could not be deleted", { error: String(error) });
    }
  }

  return {
    async start({ stateDir, streams }) {
      prune(stateDir);
      const tmux = createTmux({ socketName: socketNameOf(config.socketName, environment), environment });
      const sessions = createSessions(tmux, {
        historyLimit: config.historyLimit,
        initialLines: config.initialLines,
        onProblem: (problem) => conditions.set("tmux", problem),
      });
      const spools = createSpoolSet({
        stateDir,
        maxSpoolBytes: config.maxSpoolBytes,
        maxStreams: config.maxStreams,
        onEvent: (event) => settings.count(counters[event]),
      });
      const stopListening = streams.onChange((change) => {
        const spool = spools.of(change.stream.name);
        headers.change(spool, change);
        if (change.kind === "opened") sessions.want(spool.place);
      });
      running = { spools, sessions, stopListening };
      await sessions.firstLook();
    },
    async export(batch) {
      if (batch.signal !== "logs") return rejected(`tmux takes logs, not ${batch.signal}`);
      return running === undefined ? retryable("tmux is not started") : writeAll(batch, running);
    },
    async shutdown(signal) {
      const { spools, sessions, stopListening } = running ?? {};
      running = undefined;
      stopListening?.();
      spools?.close();
      await sessions?.shutdown(signal);
    },
  };
}
