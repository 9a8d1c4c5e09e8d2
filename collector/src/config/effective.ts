// A configuration as it takes effect: the defaults filled in, in the words of the file, with the secrets masked.

import type { AnyFactory } from "../component/factory.ts";
import { parseId } from "./ids.ts";
import { componentJsonSchema, type JsonSchema } from "./json-schema.ts";
import { type Kind, kinds, sectionOf } from "./shape.ts";

/** `raw` must be valid: `createBlueprint` takes it. Aliases and ids stay as they are written. */
export function withDefaults(raw: object, factories: readonly AnyFactory[]): Record<string, unknown> {
  const config = raw as Record<string, Record<string, unknown> | null | undefined>;
  const filled: Record<string, unknown> = { ...config };
  for (const kind of kinds) {
    const section = config[sectionOf(kind)];
    if (section === null || section === undefined) continue;
    const entries = Object.entries(section).map(([id, options]) => [id, fillComponent(kind, id, options, factories)]);
    filled[sectionOf(kind)] = Object.fromEntries(entries);
  }
  return filled;
}

function fillComponent(kind: Kind, text: string, options: unknown, factories: readonly AnyFactory[]): unknown {
  const id = parseId(text);
  const factory =
    typeof id === "string"
      ? undefined
      : factories.find((each) => each.kind === kind && (each.type === id.type || each.aliases?.includes(id.type)));
  return factory === undefined ? options : fill(options ?? {}, componentJsonSchema(factory, options));
}

function fill(value: unknown, schema: JsonSchema): unknown {
  const { properties } = schema;
  if (properties === undefined || typeof value !== "object" || Array.isArray(value)) return value;
  const given = (value ?? {}) as Record<string, unknown>;
  const known = Object.entries(properties).flatMap(([key, property]) => {
    // What a default names without its own options has their defaults too.
    const found = given[key] === undefined ? property.default : (given[key] ?? (property.properties && {}));
    return found === undefined ? [] : [[key, fill(found, property)]];
  });
  return {
    ...Object.fromEntries(known),
    ...Object.fromEntries(Object.entries(given).filter(([key]) => !(key in properties))),
  };
}

/** What stands for a secret; the OTel Collector's word. */
export const redacted = "[REDACTED]";

const secretKey =
  /token(?!auth)|key_pem|secret|passw(?:or)?d|passphrase|authorization|api[-_]?key|access[-_]?key|private[-_]?key|credential|cookie/i;
/** Of a request, whatever its name: many backends take their key in a header of their own. */
const secretMaps = /^(?:response_)?headers$/i;
const urlWithUser = /^([a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/i;
const bearer = /\b(Bearer|Basic)\s+\S+/gi;

/** A copy in which nothing secret-like is left: by the name of its key, and passwords in URLs. */
export function maskSecrets(value: unknown): unknown {
  return walk(value, () => undefined);
}

/** The texts that `maskSecrets` masks by their keys, at least `minSecretLength` long, for a log that must not name them. */
export function secretsOf(value: unknown): string[] {
  const found = new Set<string>();
  walk(value, (text) => {
    if (text.length >= minSecretLength) found.add(text);
  });
  return [...found];
}

/** A shorter text stands in too many other words to be looked for. */
const minSecretLength = 6;

function walk(value: unknown, onSecret: (text: string) => void): unknown {
  if (typeof value === "string") {
    const url = urlWithUser.exec(value)?.[0];
    if (url !== undefined) onSecret(url.slice(url.indexOf("://") + 3, -1));
    return value.replace(urlWithUser, `$1${redacted}@`).replace(bearer, `$1 ${redacted}`);
  }
  if (Array.isArray(value)) return value.map((item) => walk(item, onSecret));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const isMap = secretMaps.test(key) && typeof item === "object" && item !== null;
      return [key, isMap || secretKey.test(key) ? mask(item, onSecret) : walk(item, onSecret)];
    }),
  );
}

function mask(value: unknown, onSecret: (text: string) => void): unknown {
  if (value === undefined || value === null || value === "" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((item) => mask(item, onSecret));
  if (typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item, onSecret)]));
  onSecret(String(value));
  return redacted;
}
