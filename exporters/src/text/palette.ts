// The colors of a line, or none at all.

import { type SeverityRange, severityRange } from "@chriscode/devmux-telemetry-protocol";

export interface Palette {
  /** For what frames the text: time, source, stack. */
  dim(text: string): string;
  /** ` ERROR `, five wide, in the color of its severity. */
  severity(number: number): string;
  /** Ends whatever color a record's own text has begun; "" without color. */
  readonly reset: string;
}

export type ColorMode = "auto" | "always" | "never";

/** `auto`: where a person looks at it and NO_COLOR (no-color.org) is not set to anything. */
export function wantsColor(mode: ColorMode, isTerminal: boolean, environment: NodeJS.ProcessEnv): boolean {
  return mode === "always" || (mode === "auto" && isTerminal && !environment.NO_COLOR);
}

const labels: { readonly [range in SeverityRange]: { readonly text: string; readonly sgr: string } } = {
  unspecified: { text: "-", sgr: "90" },
  trace: { text: "TRACE", sgr: "90" },
  debug: { text: "DEBUG", sgr: "36" },
  info: { text: "INFO", sgr: "32" },
  warn: { text: "WARN", sgr: "33" },
  error: { text: "ERROR", sgr: "31" },
  fatal: { text: "FATAL", sgr: "1;97;41" },
};

const highestSeverity = 24;

export function createPalette(color: boolean): Palette {
  const paint = (sgr: string, text: string) => (color ? `\x1b[${sgr}m${text}\x1b[0m` : text);
  const severities = Array.from({ length: highestSeverity + 1 }, (_, number) => {
    const { text, sgr } = labels[severityRange(number)];
    return ` ${paint(sgr, text.padEnd(5))} `;
  });
  return {
    dim: (text) => paint("90", text),
    severity: (number) => severities[number] ?? severities[0]!,
    reset: color ? "\x1b[0m" : "",
  };
}
