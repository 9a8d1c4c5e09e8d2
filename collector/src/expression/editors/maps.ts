// Statements that change maps: attributes, or a map in them or in a body.

import type { AnyMap, AnyValue } from "@chriscode/devmux-telemetry-protocol";
import type { EditorDefinition } from "../context.ts";
import type { Place } from "../place.ts";
import { expectMap } from "../place.ts";
import { emptyMap } from "../values.ts";

/** The map at a place, or undefined where there is nothing. Throws EvaluationError where there is something else. */
export function mapAt<Subject>(place: Place<Subject>, subject: Subject): AnyMap | undefined {
  const value = place.get(subject);
  return value === null ? undefined : expectMap(value, place.text);
}

/** Writes those entries of a map that `keep` says, if that is not all of them. */
function keepEntries<Subject>(place: Place<Subject>, subject: Subject, keep: (key: string) => boolean): void {
  const map = mapAt(place, subject);
  if (map === undefined) return;
  const keys = Object.keys(map);
  const kept = keys.filter(keep);
  if (kept.length === keys.length) return;
  const next = emptyMap();
  for (const key of kept) next[key] = map[key]!;
  place.set(subject, next);
}

const deleteKey: EditorDefinition = {
  name: "delete_key",
  usage: 'delete_key(attributes, "key")',
  arguments: [2, 2],
  create(given) {
    const place = given.target(0);
    const key = given.text(1);
    const inner = place.at(key);
    return (subject) => {
      if (place.get(subject) !== null && inner.get(subject) !== null) inner.set(subject, undefined);
    };
  },
};

function byKeys(name: string, keep: boolean): EditorDefinition {
  return {
    name,
    usage: `${name}(attributes, ["key", …])`,
    arguments: [2, 2],
    create(given) {
      const place = given.target(0);
      const keys = new Set(given.texts(1));
      return (subject) => keepEntries(place, subject, (key) => keys.has(key) === keep);
    },
  };
}

function byPattern(name: string, keep: boolean): EditorDefinition {
  return {
    name,
    usage: `${name}(attributes, "pattern")`,
    arguments: [2, 2],
    create(given) {
      const place = given.target(0);
      const pattern = given.pattern(1);
      return (subject) => keepEntries(place, subject, (key) => pattern.test(key) === keep);
    },
  };
}

const limit: EditorDefinition = {
  name: "limit",
  usage: 'limit(attributes, 10, ["kept key", …])',
  arguments: [2, 3],
  create(given) {
    const place = given.target(0);
    const max = given.integer(1);
    const first = given.count > 2 ? given.texts(2) : [];
    return (subject) => {
      const map = mapAt(place, subject);
      if (map === undefined || Object.keys(map).length <= max) return;
      const ordered = new Set([...first.filter((key) => Object.hasOwn(map, key)), ...Object.keys(map)]);
      const kept = new Set([...ordered].slice(0, max));
      keepEntries(place, subject, (key) => kept.has(key));
    };
  },
};

const strategies = ["insert", "update", "upsert"] as const;

const mergeMaps: EditorDefinition = {
  name: "merge_maps",
  usage: 'merge_maps(attributes, ParseJSON(body), "upsert")',
  arguments: [3, 3],
  create(given) {
    const place = given.target(0);
    const source = given.value(1);
    const strategy = given.choice(2, strategies);
    return (subject) => {
      const from = expectMap(source(subject), "the second argument of merge_maps");
      const target = mapAt(place, subject) ?? emptyMap();
      const merged: { [key: string]: AnyValue } = Object.assign(emptyMap(), target);
      for (const key of Object.keys(from)) {
        const known = Object.hasOwn(target, key);
        if (strategy === "upsert" || known === (strategy === "update")) merged[key] = from[key]!;
      }
      place.set(subject, merged);
    };
  },
};

export const mapEditors: readonly EditorDefinition[] = [
  deleteKey,
  byKeys("delete_keys", false),
  byKeys("keep_keys", true),
  byPattern("delete_matching_keys", false),
  byPattern("keep_matching_keys", true),
  limit,
  mergeMaps,
];
