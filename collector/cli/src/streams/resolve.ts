// A stream as people type it: its name, or a beginning of it that only one has.

import { suggestion } from "@chriscode/devmux-telemetry-server/config";
import { CliError } from "../errors.ts";
import { visible } from "../show/visible.ts";

/** More names than this help nobody to find one. */
const maxListed = 20;

export interface ResolveFrom {
  readonly known: readonly string[];
  /** The collector runs. */
  readonly running: boolean;
}

/** `node:api` and `node:a`, and `api` and `a` for what follows the colon. Throws CliError where none or several begin so. */
export function resolveStream(typed: string, { known, running }: ResolveFrom): string {
  if (known.includes(typed)) return typed;
  const beginning = matching(typed, known);
  if (beginning.length === 1) return beginning[0]!;
  if (beginning.length > 1)
    throw new CliError("DEVMUX_AMBIGUOUS_STREAM", visible(`"${typed}" is the beginning of several streams`), [
      visible(listed(beginning)),
    ]);
  if (known.length === 0 && !running) {
    throw new CliError("DEVMUX_NOT_RUNNING", `there is no stream "${visible(typed)}": the collector does not run`, [
      "start it: devmux telemetry start",
    ]);
  }
  const near = known.length === 0 ? "" : suggestion(typed, known).replace(/ \(known: .*$/s, "");
  throw new CliError("DEVMUX_UNKNOWN_STREAM", visible(`there is no stream "${typed}"${near}`), [
    visible(listed(known)),
  ]);
}

/** Those whose name begins so; those of which only what follows the colon does, where no name does. */
function matching(typed: string, known: readonly string[]): readonly string[] {
  if (typed === "") return [];
  const names = known.filter((name) => name.startsWith(typed));
  return names.length > 0 ? names : known.filter((name) => name.slice(name.indexOf(":") + 1).startsWith(typed));
}

export function listed(known: readonly string[]): string {
  if (known.length === 0) return "No app has connected yet.";
  const more = known.length > maxListed ? ` … and ${known.length - maxListed} more` : "";
  return `Known: ${known.slice(0, maxListed).join(", ")}${more}`;
}
