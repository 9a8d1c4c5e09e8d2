// Everything that is wrong with a configuration, in one report.

export interface Problem {
  /** Where, as the user wrote it: `service.pipelines.logs.exporters[1]`. */
  readonly path: string;
  /** What was found, what was expected, what to do. */
  readonly message: string;
}

/** Thrown before a port is bound or a file touched; lists every problem. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "DEVMUX_CONFIG";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("\n"));
    this.problems = problems;
  }
}

export function joinPath(base: string, parts: readonly PropertyKey[]): string {
  let path = base;
  for (const part of parts) {
    if (typeof part === "number") path += `[${part}]`;
    else path += path === "" ? String(part) : `.${String(part)}`;
  }
  return path;
}
