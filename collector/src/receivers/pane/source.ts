// One watched pane: from what its pipe has written to records, in order, each once; the position is kept after each batch.

import { join } from "node:path";
import {
  ATTR_DEVMUX_PLATFORM,
  ATTR_DEVMUX_STREAM_NAME,
  ATTR_SERVICE_NAME,
  LogsBuilder,
  streamOfResource,
} from "@chriscode/devmux-telemetry-protocol";
import type { Output, Settings, Streams } from "../../component/index.ts";
import type { PaneReceiverConfig } from "./config.ts";
import { createExitJudge } from "./exits.ts";
import { createJoiner, type Entry, type Place } from "./join.ts";
import { createLineAssembler, type RawLine } from "./lines.ts";
import { createMatcher } from "./patterns/matcher.ts";
import { plainText } from "./plain-text.ts";
import { recordOf } from "./record.ts";
import { type PaneSource, panesDirectory, segmentPrefix } from "./registry.ts";
import { createSegments, readPosition, type SegmentEvent, writePosition } from "./segments.ts";
import { visibleLines } from "./visible-lines.ts";

export interface SourceOptions {
  readonly stem: string;
  readonly source: PaneSource;
  readonly stateDir: string;
  readonly version: string;
  readonly streams: Streams;
  readonly config: PaneReceiverConfig;
  readonly settings: Settings;
  readonly next: Output;
}

export interface RunningSource {
  /** Something may have been written. */
  wake(): void;
  /** The pipe is closed: read to its end, then resolve `done`. */
  finish(): void;
  /** Resolves when what was handed on has its verdict, and nothing more is handed on. */
  stop(): Promise<void>;
  /** Resolves when the loop has ended, for whichever reason. */
  readonly done: Promise<void>;
}

/** A line without an end that nothing was added to for so long is a line: a prompt, the last words of a killed program. */
const partialAfterMs = 1_000;
/** A wait that a `retryable` verdict without a time of its own asks for. */
const defaultRetryMs = 250;

export function startSource(options: SourceOptions): RunningSource {
  const { stem, source, stateDir, version, streams, config, settings, next } = options;
  const positionPath = positionFile(stateDir, stem);
  let position = readPosition(positionPath, source.run);
  /** Of the segment that is read: how often it began anew, and its file. */
  let current = position;
  const assembler = createLineAssembler();
  const joiner = createJoiner(config.maxRecordLines);
  const match = createMatcher(source.sets, source.patterns);
  const judgeExit = createExitJudge();
  const segments = createSegments({
    prefix: segmentPrefix(stateDir, stem, source.run),
    position,
    onEvent(event: SegmentEvent, count: number) {
      settings.count(event, count);
      if (event === "segments_missed")
        settings.log.warn(
          `${source.service} printed more than the collector could read; ${count} pieces of it are gone`,
        );
      assembler.reset();
    },
  });
  const identity = streamOfResource({ [ATTR_SERVICE_NAME]: source.service, [ATTR_DEVMUX_PLATFORM]: "node" });
  const resource = {
    [ATTR_SERVICE_NAME]: source.service,
    [ATTR_DEVMUX_PLATFORM]: "node",
    [ATTR_DEVMUX_STREAM_NAME]: identity.name,
  };
  const uidEnd = stem.slice(-12);
  let stopped = false;
  let finishing = false;
  let awake = true;
  let rouse: (() => void) | undefined;

  function uidOf({ segment, offset }: Place): string {
    const turn = current.turn === 0 ? "" : `.${current.turn}`;
    return `${source.run.toString(36)}-${segment}${turn}-${offset}-${uidEnd}`;
  }

  function entriesOf(lines: readonly RawLine[]): Entry[] {
    const isNews = (text: string) => match(text) !== undefined;
    return lines.flatMap(({ text, start, end }) =>
      visibleLines(text, isNews).flatMap((visible) =>
        joiner.push({ text: cut(plainText(visible), config.maxLineChars), start, end }),
      ),
    );
  }

  /** Resolves when the pipelines have them, or the source was stopped before that. */
  async function handOn(entries: readonly Entry[]): Promise<void> {
    const last = entries.at(-1);
    if (last === undefined) return;
    const builder = new LogsBuilder(resource, { name: "devmux.pane", version });
    const now = Date.now();
    const places = new Map<string, number>();
    for (const entry of entries) {
      const uid = uidOf(entry.start);
      // Several entries can begin in one line of the source, where it was drawn over.
      const nth = places.get(uid) ?? 0;
      places.set(uid, nth + 1);
      builder.add(judgeExit(recordOf(entry, match, nth === 0 ? uid : `${uid}.${nth}`, now), now));
    }
    const batch = builder.build();
    for (;;) {
      const verdict = await next.consume(batch, "file");
      if (verdict.kind !== "retryable") break;
      if (stopped) return;
      await pause(verdict.retryAfterMs ?? defaultRetryMs);
      if (stopped) return;
    }
    keep(last.end);
  }

  function keep({ segment, offset }: Place): void {
    const done = segment;
    position = { ...current, segment, offset, ...(segment === current.segment ? {} : { inode: 0, turn: 0 }) };
    try {
      writePosition(positionPath, position);
      settings.health("ok");
    } catch (error) {
      settings.health("degraded", `cannot keep its position in ${positionPath}: ${(error as Error).message}`);
    }
    if (done > 0) void segments.forgetBefore(done);
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      awake = false;
      const read = await segments.read();
      if (stopped) return;
      if (read !== undefined) {
        current = read.position;
        await handOn(entriesOf(assembler.push(read.bytes, read.position)));
        continue;
      }
      if (awake) continue;
      if (joiner.holding && !(await sleep(config.flushAfterMs, finishing))) {
        await handOn(joiner.flush());
        continue;
      }
      if (awake || stopped || joiner.holding) continue;
      if (assembler.holding && !(await sleep(partialAfterMs, finishing))) {
        const partial = assembler.takePartial();
        await handOn([...entriesOf(partial === undefined ? [] : [partial]), ...joiner.flush()]);
        continue;
      }
      if (awake || stopped || assembler.holding) continue;
      if (finishing) return;
      await sleep(config.pollIntervalMs, false);
    }
  }

  /** True where it was woken before the time was over. */
  async function sleep(ms: number, skip: boolean): Promise<boolean> {
    if (awake || stopped) return true;
    if (skip) return false;
    await pause(ms);
    return awake || stopped;
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const closeStream = source.active ? streams.opened(identity) : () => undefined;
  const done = loop()
    .catch((error: unknown) => settings.health("degraded", `${source.service} is not read: ${String(error)}`))
    .finally(closeStream);

  function wake(): void {
    awake = true;
    rouse?.();
  }

  return {
    wake,
    finish() {
      finishing = true;
      wake();
    },
    async stop() {
      stopped = true;
      wake();
      await done;
    },
    done,
  };
}

export function positionFile(stateDir: string, stem: string): string {
  return join(panesDirectory(stateDir), `${stem}.position`);
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars)}…(+${text.length - maxChars})`;
}
