// Each stream becomes a spool of its records, a file of lines for people, and a pane of tmux that shows that. The spool is the
// delivery: what a batch has for a stream is one write to it. The pane is looked after in the background and nothing waits for it.

import type { Logs } from "@chriscode/devmux-telemetry-protocol";
import {
  accepted,
  type Exporter,
  partlyAccepted,
  rejected,
  retryable,
  type Settings,
  type StreamChange,
  type Verdict,
} from "@chriscode/devmux-telemetry-server/component";
import type { AppendEvent } from "../files/append-file.ts";
import { type FileProblem, isSystemWide } from "../files/problem.ts";
import { createConditions } from "../record/conditions.ts";
import { createTurns } from "../record/turns.ts";
import { createRecordLine, eventLine } from "../spool/line.ts";
import type { Spool } from "../spool/spool.ts";
import { createSpoolSet, type SpoolSet, type StreamFiles } from "../spool/spools.ts";
import { pruneStoredStreams } from "../spool/stored.ts";
import { createRecordFormat } from "../text/format.ts";
import { createHeaderFormat } from "../text/header.ts";
import { wantsColor } from "../text/palette.ts";
import { createTmux, socketNameOf } from "./command.ts";
import type { TmuxConfig } from "./config.ts";
import { createParts, type Part } from "./parts.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createView, type View } from "./view.ts";

interface TmuxStream extends StreamFiles {
  readonly view: View;
}

interface Written {
  readonly part: Part<TmuxStream>;
  /** How many of its records are in the spool. */
  readonly written: number;
  readonly problem: FileProblem | undefined;
}

interface Running {
  readonly streams: SpoolSet<TmuxStream>;
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

const changes = { opened: "connected", closed: "disconnected" } as const;

export function createTmuxExporter(settings: Settings, config: TmuxConfig, environment: NodeJS.ProcessEnv): Exporter {
  const color = wantsColor(config.color, true, environment);
  const format = createRecordFormat({ ...config, color });
  const header = createHeaderFormat({ color });
  const batches = createParts<TmuxStream>(createRecordLine());
  const conditions = createConditions(settings);
  const onEvent = (event: AppendEvent) => settings.count(counters[event]);
  const turns = createTurns();
  let running: Running | undefined;

  function open(spool: Spool): TmuxStream {
    const view = createView({
      place: spool.place,
      format,
      header,
      maxBytes: config.maxViewBytes,
      maxRate: config.maxViewRate,
      maxStackFrames: config.maxStackFrames,
      onSkipped: (lines) => settings.count("view_lines_skipped", lines),
      onEvent: () => undefined,
    });
    const close = () => {
      view.close();
      spool.close();
    };
    return { spool, view, close };
  }

  function write(part: Part<TmuxStream>): Written {
    const { spool, view } = part.files;
    const { written, problem } = spool.append(part.lines, part.keys);
    view.show(written === part.records.length ? part.records : part.records.slice(0, written));
    conditions.set(spool.place.spoolPath, (problem ?? view.problem)?.message);
    return { part, written, problem };
  }

  async function writeAll(logs: Logs, current: Running): Promise<Verdict> {
    const { streams, sessions } = current;
    const results: Written[] = [];
    /** Nothing more of this batch is written now; it comes again. */
    const again = (reason: string) => {
      for (const { part, written } of results) batches.interrupted(logs, part, written);
      return retryable(reason, retryAfterMs);
    };
    for (const parts of batches.slicesOf(logs, streams.of, () => settings.count("duplicates_suppressed"))) {
      await turns.take();
      if (running !== current) return again("tmux is not started");
      const slice = parts.map(write);
      results.push(...slice);
      for (const { part, problem } of slice) if (problem === undefined) sessions.want(part.files.spool.place);
      const wait = slice.find(({ problem }) => problem !== undefined && isSystemWide(problem))?.problem;
      if (wait !== undefined) return again(wait.message);
    }
    // One stream's file is unusable: its records are lost, and nobody else's wait for it.
    const lost = results.reduce((sum, { part, written }) => sum + part.lines.length - written, 0);
    const reason = results.find(({ problem }) => problem !== undefined)?.problem?.message;
    return lost === 0 ? accepted : partlyAccepted(lost, reason ?? "");
  }

  /** A line that cannot be written is left out: the records that follow will say what is wrong with the file. */
  function noteChange({ spool, view }: TmuxStream, { kind, stream, at }: StreamChange): void {
    spool.append([eventLine(at, changes[kind], stream)], [""]);
    view.change(at, changes[kind], stream.name, `${stream.service}, ${stream.platform}`);
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
        ...config,
        onProblem: (problem) => conditions.set("tmux", problem),
      });
      const { maxSpoolBytes, maxStreams } = config;
      const files = createSpoolSet({ stateDir, maxSpoolBytes, maxStreams, onEvent, open });
      const stopListening = streams.onChange((change) => {
        const stream = files.of(change.stream);
        noteChange(stream, change);
        if (change.kind === "opened") sessions.want(stream.spool.place);
      });
      running = { streams: files, sessions, stopListening };
      await sessions.firstLook();
    },
    async export(batch) {
      if (batch.signal !== "logs") return rejected(`tmux takes logs, not ${batch.signal}`);
      return running === undefined ? retryable("tmux is not started") : writeAll(batch, running);
    },
    async shutdown(signal) {
      const { streams, sessions, stopListening } = running ?? {};
      running = undefined;
      stopListening?.();
      streams?.close();
      await sessions?.shutdown(signal);
    },
  };
}
