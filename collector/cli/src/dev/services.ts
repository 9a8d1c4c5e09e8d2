// The `services` key of devmux.config.json: its schema, its defaults, and what a schema alone cannot say.

import { ownPatternSchema, type PaneSource, patternSetNames } from "@chriscode/devmux-telemetry-server/panes";
import { z } from "zod";

/** How it is known that a service works. Without one, it works as long as its command runs. */
export type Health =
  | { readonly kind: "port"; readonly port: number }
  | { readonly kind: "http"; readonly url: string }
  | { readonly kind: "command"; readonly command: string };

export type Watch = Pick<PaneSource, "sets" | "patterns">;

export interface ServiceConfig {
  /** As a user would type it; a shell in tmux runs it. */
  readonly command: string;
  /** Relative to the file's directory. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly health: Health | undefined;
  readonly dependsOn: readonly string[];
  /** undefined: its output is not read. */
  readonly watch: Watch | undefined;
}

export interface ProjectConfig {
  readonly project?: string | undefined;
  readonly services: Readonly<Record<string, ServiceConfig>>;
}

/** Windows of ours in the same session. */
export const reservedNames = ["telemetry", "logs"] as const;

const serviceName = /^[a-z0-9][a-z0-9_-]{0,39}$/;
const portProblem = "expected a port from 1 to 65535";

const health = z
  .strictObject({
    port: z.int().min(1, portProblem).max(65_535, portProblem).optional(),
    http: z.url({ protocol: /^https?$/, error: "expected an http:// or https:// address" }).optional(),
    command: z.string().min(1).optional(),
  })
  .transform((given, context): Health => {
    const { port, http, command } = given;
    if (Object.values(given).filter((value) => value !== undefined).length !== 1) {
      context.addIssue({ code: "custom", message: 'expected one of "port", "http" and "command"' });
      return z.NEVER;
    }
    if (port !== undefined) return { kind: "port", port };
    return http === undefined ? { kind: "command", command: command ?? "" } : { kind: "http", url: http };
  });

const watchOptions = z.strictObject({
  sets: z.array(z.enum(patternSetNames)).default([...patternSetNames]),
  patterns: z.array(ownPatternSchema).max(100).default([]),
});

const watch = z
  .union([z.boolean(), watchOptions], "expected true, false, or an object with sets and patterns")
  .default(true)
  .transform((given): Watch | undefined => {
    if (typeof given === "boolean") return given ? watchOptions.parse({}) : undefined;
    return given;
  });

const service = z.strictObject({
  command: z.string().min(1).max(10_000),
  cwd: z.string().min(1).default("."),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_]\w*$/, "expected the name of an environment variable"),
      z.union([z.string(), z.number(), z.boolean()]).transform(String),
    )
    .default({}),
  health: health.optional().transform((given) => given),
  dependsOn: z.array(z.string()).default([]),
  watch,
});

export const servicesSchema: z.ZodType<ProjectConfig> = z
  .strictObject({ project: z.string().min(1).max(200).optional(), services: z.record(z.string(), service) })
  .superRefine(({ services }, context) => {
    const problem = (path: readonly string[], message: string) =>
      context.addIssue({ code: "custom", path: ["services", ...path], message });
    for (const [name, { dependsOn }] of Object.entries(services)) {
      if (!serviceName.test(name))
        problem(
          [name],
          "expected a name of at most 40 lower-case letters, digits, - and _, beginning with a letter or digit",
        );
      if ((reservedNames as readonly string[]).includes(name))
        problem([name], `"${name}" is a window of devmux's own; expected another name`);
      dependsOn.forEach((other, index) => {
        if (!Object.hasOwn(services, other))
          problem(
            [name, "dependsOn", String(index)],
            `there is no service ${JSON.stringify(other)} (known: ${Object.keys(services).join(", ")})`,
          );
      });
    }
    const cycle = findCycle(services);
    if (cycle !== undefined) problem([cycle[0]!, "dependsOn"], `expected no circle, got ${cycle.join(" -> ")}`);
  }) as unknown as z.ZodType<ProjectConfig>;

/** `a -> b -> a`, or undefined. */
function findCycle(
  services: Readonly<Record<string, { readonly dependsOn: readonly string[] }>>,
): string[] | undefined {
  const done = new Set<string>();
  function visit(name: string, path: readonly string[]): string[] | undefined {
    const at = path.indexOf(name);
    if (at >= 0) return [...path.slice(at), name];
    if (done.has(name)) return undefined;
    for (const next of services[name]?.dependsOn ?? []) {
      const found = visit(next, [...path, name]);
      if (found !== undefined) return found;
    }
    done.add(name);
    return undefined;
  }
  for (const name of Object.keys(services)) {
    const found = visit(name, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
