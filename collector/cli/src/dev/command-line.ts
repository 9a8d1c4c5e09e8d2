// What runs in the panes: the user's command in a shell, the collector, the streams' logs together.

import type { Shell } from "../shell.ts";
import type { Project, Service } from "./project.ts";

/**
 * Arguments: directory, command, name. The command is the user's own text, run as it is written; everything else stays data. The
 * outer shell outlives an interrupt, so that it can say how the command ended (the pane receiver knows that line).
 */
const serviceScript = [
  'cd -- "$1" || exit 1',
  "trap : INT TERM",
  'sh -c "$2"',
  "code=$?",
  'printf \'\\n[devmux] %s exited with code %s\\n\' "$3" "$code"',
  'exit "$code"',
].join("\n");

export function serviceArgv({ directory, command, name }: Service): string[] {
  return ["sh", "-c", serviceScript, "devmux", directory, command, name];
}

/** Found by its name in the way of who starts the services, not by that of the tmux server, which may be days old. */
export function serviceEnvironment(
  { env }: Pick<Service, "env">,
  shell: Pick<Shell, "env">,
  stateDir: string,
): Record<string, string> {
  const { PATH } = shell.env;
  return { ...(PATH === undefined ? {} : { PATH }), DEVMUX_HOME: stateDir, ...env };
}

/** The collector in the foreground of its pane; it ends, and delivers what it has, with Ctrl-C. */
export function collectorArgv({ file, directory }: Project, { entry }: Shell): string[] {
  const script = 'cd -- "$1" || exit 1\nshift\nexec "$@"';
  const devmux = [process.execPath, entry, "telemetry", "start", "--foreground", "--no-records", "--config", file];
  return ["sh", "-c", script, "devmux", directory, ...devmux];
}

/** A collector that runs elsewhere: its log. */
export function collectorLogArgv(logFile: string): string[] {
  return ["tail", "-n", "200", "-F", logFile];
}

/**
 * Every stream's spool, also of streams that come later. The spools are clean of everything that a terminal obeys; their names
 * are ours.
 */
const logsScript = [
  "stty -echo 2>/dev/null",
  "seen=' '",
  "while :; do",
  '  for file in "$1"/*.log; do',
  '    case "$seen" in *" $file "*) continue ;; esac',
  '    [ -f "$file" ] || continue',
  '    seen="$seen$file "',
  '    tail -q -n 100 -F "$file" 2>/dev/null &',
  "  done",
  "  sleep 1",
  "done",
].join("\n");

export function logsArgv(streamsDirectory: string): string[] {
  return ["sh", "-c", logsScript, "devmux", streamsDirectory];
}
