// `${env:VAR}`, `${env:VAR:-default}`, `${VAR}` and `$$` in the strings of a configuration, as the OTel Collector's confmap.

import { joinPath, type Problem } from "./problems.ts";

const reference = /\$\$|\$\{([^}]*)\}/g;
const variableName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export interface Substituted {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Names that are not set and have no default; they read as empty. */
  readonly unset: readonly string[];
  /** By path, the text of each value that was given another type: where a string is expected, the text counts. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A copy of `value` with every reference replaced. A string that is one whole reference takes the type that YAML gives it. */
export function substituteEnvironment(
  value: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): Substituted {
  const problems: Problem[] = [];
  const unset = new Set<string>();
  const texts = new Map<string, string>();

  function lookUp(expression: string, path: string): string {
    const [, scheme, rest] = /^(?:([a-z]+):(?!-))?(.*)$/s.exec(expression)!;
    if (scheme !== undefined && scheme !== "env") {
      problems.push({ path, message: `\${${expression}}: unknown scheme "${scheme}"; expected env` });
      return "";
    }
    const [name, fallback] = splitDefault(rest!);
    if (!variableName.test(name)) {
      problems.push({
        path,
        message: `environment variable "${name}" has invalid name: expected ${variableName.source}`,
      });
      return "";
    }
    const found = environment[name];
    if (found === undefined && fallback === undefined) unset.add(name);
    return found ?? fallback ?? "";
  }

  function replace(text: string, path: string): unknown {
    const whole = /^\$\{([^}]*)\}$/.exec(text);
    if (whole) {
      const found = lookUp(whole[1]!, path);
      const value = typed(found);
      if (typeof value !== "string") texts.set(path, found);
      return value;
    }
    return text.replace(reference, (match, expression: string | undefined) =>
      match === "$$" ? "$" : lookUp(expression!, path),
    );
  }

  function walk(at: unknown, path: string): unknown {
    if (typeof at === "string") return at.includes("$") ? replace(at, path) : at;
    if (Array.isArray(at)) return at.map((item, index) => walk(item, joinPath(path, [index])));
    if (typeof at !== "object" || at === null) return at;
    return Object.fromEntries(Object.entries(at).map(([key, item]) => [key, walk(item, joinPath(path, [key]))]));
  }

  const substituted = walk(value, "");
  return { value: substituted, problems, unset: [...unset], texts };
}

function splitDefault(text: string): [string, string | undefined] {
  const at = text.indexOf(":-");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 2)];
}

const decimal = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const octalOrHexadecimal = /^(?:0o[0-7]+|0x[0-9a-fA-F]+)$/;

/**
 * A scalar as YAML's core schema reads it (yaml.org/spec/1.2.2, 10.3.2): `8080` is a number, `true` a boolean, anything else
 * the text it is. Not through the YAML library: it would be loaded into every collector for this alone, 15 MB of memory.
 */
function typed(text: string): unknown {
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  return decimal.test(text) || octalOrHexadecimal.test(text) ? Number(text) : text;
}
