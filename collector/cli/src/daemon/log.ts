// The collector's own log as lines for people: time, level, component, message, the other fields as JSON.

import type { Log } from "@chriscode/devmux-telemetry-server/component";
import { redacted } from "@chriscode/devmux-telemetry-server/config";
import { type Output, painter, type Shell, type Style } from "../shell.ts";
import { visible } from "../show/visible.ts";

type Level = keyof Log;

const levels: readonly Level[] = ["debug", "info", "warn", "error"];
const styles: Readonly<Record<Level, Style>> = { debug: "dim", info: "dim", warn: "yellow", error: "red" };

export interface OwnLog extends Log {
  /** Texts that are never written, whatever a component says. */
  hide(secrets: readonly string[]): void;
}

export interface LogOptions {
  /** Lower levels are left out. */
  readonly level?: Level;
  readonly now?: () => Date;
}

export function createLog(
  output: Output,
  env: Shell["env"],
  { level = "info", now = () => new Date() }: LogOptions = {},
): OwnLog {
  const hidden = new Set<string>();
  const paint = painter(output, env);
  const lowest = levels.indexOf(level);

  function withoutSecrets(text: string): string {
    let shown = text.replace(authorization, `$1 ${redacted}`);
    for (const secret of hidden) shown = shown.replaceAll(secret, redacted);
    return shown;
  }

  function writer(at: Level): Log[Level] {
    if (levels.indexOf(at) < lowest) return () => undefined;
    return (message, { component, ...fields } = {}) => {
      const source = typeof component === "string" ? `${component}: ` : "";
      const rest = Object.keys(fields).length === 0 ? "" : ` ${stringify(fields)}`;
      const text = withoutSecrets(`${source}${message}${rest}`).split("\n").map(visible).join("\n  ");
      output.write(`${paint(styles[at], `${now().toISOString()} ${at.toUpperCase().padEnd(5)} ${text}`)}\n`);
    };
  }

  return {
    debug: writer("debug"),
    info: writer("info"),
    warn: writer("warn"),
    error: writer("error"),
    hide(secrets) {
      // Fields are written as JSON, in which a secret may be spelt with escapes.
      for (const secret of secrets) hidden.add(secret).add(JSON.stringify(secret).slice(1, -1));
    },
  };
}

/** The value of an Authorization header, wherever it came from. */
const authorization = /\b(Bearer|Basic)\s+[^\s"',;]+/gi;

function stringify(fields: Record<string, unknown>): string {
  return JSON.stringify(fields, (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value instanceof Error ? value.message : value,
  );
}
