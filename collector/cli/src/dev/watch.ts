// A pane's output as a log source: opens and closes the pipe, and says to the pane receiver which service it is.

import type { Tmux } from "@chriscode/devmux-telemetry-exporters/tmux";
import {
  paneStem,
  pipeCommand,
  readPaneSource,
  segmentPrefix,
  writePaneSource,
} from "@chriscode/devmux-telemetry-server/panes";
import type { Project, Service } from "./project.ts";
import type { Watch } from "./services.ts";
import { type Pane, tmuxError } from "./session.ts";

export interface Watcher {
  /** The pipe for a pane that is made or starts again; what is piped already goes on. */
  prepare(service: Service, pane: Pane | undefined): string | undefined;
  /** True where it was not watched before. Patterns as the configuration has them now. */
  open(service: Service, pane: Pane): Promise<boolean>;
  /** True where it was watched. */
  close(service: Service, pane: Pane | undefined): Promise<boolean>;
  isOpen(service: Service, pane: Pane | undefined): boolean;
}

const allSets: Watch = {
  sets: ["fatal", "database", "nextjs", "react", "web", "python", "node", "levels"],
  patterns: [],
};

export function createWatcher(tmux: Tmux, project: Project, stateDir: string, now: () => number = Date.now): Watcher {
  const stemOf = ({ name }: Service) => paneStem(project.mark, name);

  function isOpen(service: Service, pane: Pane | undefined): boolean {
    return pane?.piped === true && readPaneSource(stateDir, stemOf(service))?.active === true;
  }

  function register(service: Service, run: number): void {
    const { sets, patterns } = service.watch ?? allSets;
    writePaneSource(stateDir, stemOf(service), { service: service.name, run, active: true, sets, patterns });
  }

  function begin(service: Service): string {
    const run = now();
    register(service, run);
    return pipeCommand(segmentPrefix(stateDir, stemOf(service), run));
  }

  return {
    isOpen,
    prepare(service, pane) {
      if (service.watch === undefined) return undefined;
      const source = readPaneSource(stateDir, stemOf(service));
      if (isOpen(service, pane) && source !== undefined) {
        register(service, source.run);
        return undefined;
      }
      return begin(service);
    },
    async open(service, pane) {
      if (isOpen(service, pane)) return false;
      const opened = await tmux.run(["pipe-pane", "-t", pane.paneId, begin(service)]);
      if (!opened.ok) throw tmuxError(opened);
      return true;
    },
    async close(service, pane) {
      const source = readPaneSource(stateDir, stemOf(service));
      if (source?.active === true) writePaneSource(stateDir, stemOf(service), { ...source, active: false });
      if (pane?.piped !== true) return source?.active === true;
      const closed = await tmux.run(["pipe-pane", "-t", pane.paneId]);
      // A pane whose command has ended prints nothing more; tmux refuses to touch its pipe.
      if (!closed.ok && closed.cause !== "failed") throw tmuxError(closed);
      return true;
    },
  };
}
