// A production build: the client's imports lead to nothing, and what the app told it is not in the output either.

import MagicString from "magic-string";

export const packageName = "@chriscode/devmux-telemetry";

/** By subpath, the files of dist/production. What is bundled for a server would otherwise have Node's client. */
const replacements: { readonly [subpath: string]: string } = {
  "": "index.js",
  "/auto": "nothing.js",
  "/node": "nothing.js",
  "/network": "network.js",
  "/react": "react.js",
};

/** What an import of the client leads to in a production build; undefined for other imports. */
export function replacementOf(specifier: string): string | undefined {
  return specifier.startsWith(packageName) ? replacements[specifier.slice(packageName.length)] : undefined;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/**
 * The module with `initTelemetry()` in place of `initTelemetry({serverUrl: …})`: what calls nothing needs no arguments, and a
 * bundler would keep those that it cannot prove to be without effect. Undefined where there is nothing to change.
 */
export function withoutArguments(
  code: string,
  program: unknown,
): { readonly code: string; readonly map: ReturnType<MagicString["generateMap"]> } | undefined {
  const { direct, namespaces } = importedNames(program as { readonly body: readonly Node[] });
  if (direct.size === 0 && namespaces.size === 0) return undefined;
  const text = new MagicString(code);
  const open: unknown[] = [program];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    const node = value as Node;
    if (node.type === "CallExpression" && isOurs(node.callee as Node, direct, namespaces)) {
      const given = node.arguments as readonly Node[];
      const last = given.at(-1);
      if (given[0] !== undefined && last !== undefined) {
        text.remove(given[0].start, last.end);
        continue;
      }
    }
    open.push(...Object.values(value));
  }
  return text.hasChanged() ? { code: text.toString(), map: text.generateMap({ hires: "boundary" }) } : undefined;
}

/** The names under which a module has the client's functions, and the client as a whole. */
function importedNames({ body }: { readonly body: readonly Node[] }): {
  readonly direct: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
} {
  const direct = new Set<string>();
  const namespaces = new Set<string>();
  for (const node of body) {
    if (node.type !== "ImportDeclaration" || (node.source as { value?: unknown }).value !== packageName) continue;
    for (const { type, local } of node.specifiers as readonly Node[])
      (type === "ImportNamespaceSpecifier" ? namespaces : direct).add((local as { name: string }).name);
  }
  return { direct, namespaces };
}

function isOurs(callee: Node, direct: ReadonlySet<string>, namespaces: ReadonlySet<string>): boolean {
  if (callee.type === "Identifier") return direct.has(callee.name as string);
  return callee.type === "MemberExpression" && namespaces.has((callee.object as { name?: string }).name ?? "");
}
