// The pane receiver: finds the watched panes in the state directory and reads each; one that begins or ends is noticed at once.

import { type FSWatcher, mkdirSync, rmSync, watch } from "node:fs";
import { accepted, type Host, type Output, type Receiver, type Settings } from "../../component/index.ts";
import type { PaneReceiverConfig } from "./config.ts";
import { forgetRuns, listPaneStems, panesDirectory, readPaneSource, removePaneSource } from "./registry.ts";
import { positionFile, type RunningSource, startSource } from "./source.ts";

interface Entry {
  readonly run: number;
  readonly running: RunningSource;
  finishing: boolean;
}

export function createPaneReceiver(
  settings: Settings,
  config: PaneReceiverConfig,
  output: Output | undefined,
): Receiver {
  const next = output ?? { consume: async () => accepted };
  const entries = new Map<string, Entry>();
  let stopping = false;
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  const refusedStems = new Set<string>();

  function begin(stem: string, host: Host): void {
    const source = readPaneSource(host.stateDir, stem);
    if (source === undefined) return;
    const known = entries.get(stem);
    if (known !== undefined) {
      if ((source.run !== known.run || !source.active) && !known.finishing) {
        known.finishing = true;
        known.running.finish();
      }
      return;
    }
    if (entries.size >= config.maxSources) {
      if (!refusedStems.has(stem)) settings.count("sources_refused");
      refusedStems.add(stem);
      return;
    }
    refusedStems.delete(stem);
    const { stateDir, streams, collector } = host;
    const { version } = collector;
    // Pipes that were closed and opened again while nobody read.
    const missed = forgetRuns(stateDir, stem, (run) => run !== source.run);
    if (missed > 0) settings.count("segments_missed", missed);
    const running = startSource({ stem, source, stateDir, version, streams, config, settings, next });
    const entry = { run: source.run, running, finishing: !source.active };
    entries.set(stem, entry);
    if (!source.active) running.finish();
    void running.done.then(() => {
      entries.delete(stem);
      if (!stopping) settle(stem, entry.run, host);
    });
  }

  /** A pipe that was closed and read is forgotten with its segments; where another was opened meanwhile, that one is read next. */
  function settle(stem: string, run: number, host: Host): void {
    forgetRuns(host.stateDir, stem, (each) => each === run);
    const now = readPaneSource(host.stateDir, stem);
    if (now === undefined || (now.run === run && !now.active)) {
      removePaneSource(host.stateDir, stem);
      rmSync(positionFile(host.stateDir, stem), { force: true });
    } else if (now.run !== run) begin(stem, host);
  }

  function look(host: Host): void {
    for (const stem of listPaneStems(host.stateDir)) begin(stem, host);
    for (const { running } of entries.values()) running.wake();
  }

  return {
    async start(host) {
      const directory = panesDirectory(host.stateDir);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      let pending = false;
      const lookSoon = () => {
        if (pending || stopping) return;
        pending = true;
        // A program that prints a lot tells of each write; one look serves them all.
        setImmediate(() => {
          pending = false;
          if (!stopping) look(host);
        });
      };
      try {
        watcher = watch(directory, { persistent: false }, lookSoon);
        watcher.on("error", () => watcher?.close());
      } catch {
        settings.log.debug("the file system tells of no changes; it is asked instead");
      }
      timer = setInterval(() => look(host), config.pollIntervalMs);
      timer.unref();
      look(host);
    },
    async shutdown() {
      stopping = true;
      clearInterval(timer);
      watcher?.close();
      await Promise.all([...entries.values()].map(({ running }) => running.stop()));
    },
  };
}
