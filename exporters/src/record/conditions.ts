// What is wrong with an exporter, several things at once, each said when it begins and when it ends.

import type { Settings } from "@chriscode/devmux-telemetry-server/component";

export interface Conditions {
  /** undefined: that is well again. */
  set(name: string, problem: string | undefined): void;
}

export function createConditions(settings: Settings): Conditions {
  const problems = new Map<string, string>();
  return {
    set(name, problem) {
      if (problems.get(name) === problem) return;
      if (problem === undefined) problems.delete(name);
      else problems.set(name, problem);
      if (problems.size === 0) settings.health("ok");
      else settings.health("degraded", [...problems.values()].join("; "));
    },
  };
}
