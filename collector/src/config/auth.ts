// `auth` of receivers and exporters: the OTel Collector's keys (config/configauth), and the check that the extension is there.

import { z } from "zod";
import type { Blueprint } from "./blueprint.ts";
import { suggestion } from "./nearest.ts";
import { joinPath, type Problem } from "./problems.ts";
import { refused } from "./refused.ts";

/** The id of an extension, or undefined. */
export type AuthSchema = z.ZodType<string | undefined>;

export function auth(): AuthSchema {
  return z
    .strictObject({
      authenticator: z.string(),
      request_params: refused("secrets in a URL end in logs; send them as a header"),
    })
    .transform(({ authenticator }) => authenticator)
    .optional();
}

type Checked = Pick<Blueprint, "receivers" | "exporters" | "extensions" | "serviceExtensions">;

/** Adds what names as authenticator an extension that is none, or is not started. */
export function checkAuth(blueprint: Checked, basePath: string, problems: Problem[]): void {
  const { receivers, exporters, extensions, serviceExtensions } = blueprint;
  const known = [...extensions].filter(([, { factory }]) => factory.provides === "authenticator").map(([id]) => id);
  const sections = { receivers, exporters };
  for (const [section, plans] of Object.entries(sections)) {
    for (const { id, options } of plans.values()) {
      for (const { path, name } of authsIn(options)) {
        const at = joinPath(basePath, [section, id, ...path]);
        if (!known.includes(name))
          problems.push({
            path: at,
            message: `"${name}" is no authenticator that is configured${suggestion(name, known)}`,
          });
        else if (!serviceExtensions.includes(name))
          problems.push({ path: at, message: `"${name}" is not started; add it to service.extensions` });
      }
    }
  }
}

interface Found {
  readonly path: readonly string[];
  readonly name: string;
}

/** Wherever it stands in a component's options: `auth`, `protocols.http.auth`. */
function authsIn(options: unknown, path: readonly string[] = []): Found[] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return [];
  return Object.entries(options).flatMap(([key, value]: [string, unknown]) => {
    const name =
      key === "auth" && typeof value === "object" && value !== null && "authenticator" in value
        ? value.authenticator
        : undefined;
    return typeof name === "string"
      ? [{ path: [...path, key, "authenticator"], name }]
      : authsIn(value, [...path, key]);
  });
}
