// Statements that set values and change texts.

import type { AnyMap } from "@chriscode/devmux-telemetry-protocol";
import type { EditorDefinition } from "../context.ts";
import { boundedText, cut } from "../text-bounds.ts";
import { emptyMap } from "../values.ts";
import { mapAt } from "./maps.ts";

const set: EditorDefinition = {
  name: "set",
  usage: "set(path, value)",
  arguments: [2, 2],
  create(given) {
    const place = given.target(0);
    const value = given.value(1);
    // As in OTTL: nil sets nothing, so that what could not be found or converted leaves a record as it is.
    return (subject) => {
      const next = value(subject);
      if (next !== null) place.set(subject, next);
    };
  },
};

const replacePattern: EditorDefinition = {
  name: "replace_pattern",
  usage: 'replace_pattern(path, "pattern", "replacement")',
  arguments: [3, 3],
  create(given) {
    const place = given.target(0);
    const replace = given.pattern(1).replacer(given.text(2), given.place(2));
    return (subject) => {
      const text = place.get(subject);
      const next = typeof text === "string" ? replace(text) : undefined;
      if (next !== undefined) place.set(subject, boundedText(next, "replace_pattern"));
    };
  },
};

const replaceAllPatterns: EditorDefinition = {
  name: "replace_all_patterns",
  usage: 'replace_all_patterns(attributes, "value", "pattern", "replacement")',
  arguments: [4, 4],
  create(given) {
    const place = given.target(0);
    const part = given.choice(1, ["key", "value"]);
    const replace = given.pattern(2).replacer(given.text(3), given.place(3));
    return (subject) => {
      const map = mapAt(place, subject);
      if (map === undefined) return;
      const next = part === "key" ? mapKeys(map, replace) : mapTexts(map, replace);
      if (next !== undefined) place.set(subject, next);
    };
  },
};

type Replace = (text: string) => string | undefined;

/** undefined where no key is different. */
function mapKeys(map: AnyMap, replace: Replace): AnyMap | undefined {
  const next = emptyMap();
  let changed = false;
  for (const key of Object.keys(map)) {
    const name = replace(key);
    changed ||= name !== undefined;
    next[name ?? key] = map[key]!;
  }
  return changed ? next : undefined;
}

/** undefined where no value is different. Only texts directly in the map, as in OTTL. */
function mapTexts(map: AnyMap, replace: Replace): AnyMap | undefined {
  let next: ReturnType<typeof emptyMap> | undefined;
  for (const key of Object.keys(map)) {
    const value = map[key]!;
    const text = typeof value === "string" ? replace(value) : undefined;
    if (text === undefined) continue;
    next ??= Object.assign(emptyMap(), map);
    next[key] = boundedText(text, "replace_all_patterns");
  }
  return next;
}

const truncateAll: EditorDefinition = {
  name: "truncate_all",
  usage: "truncate_all(attributes, 4096)",
  arguments: [2, 2],
  create(given) {
    const place = given.target(0);
    const length = given.integer(1);
    const shorten: Replace = (text) => (text.length > length ? cut(text, length) : undefined);
    return (subject) => {
      const value = place.get(subject);
      if (typeof value === "string") {
        const text = shorten(value);
        if (text !== undefined) place.set(subject, text);
        return;
      }
      const map = mapAt(place, subject);
      const next = map === undefined ? undefined : mapTexts(map, shorten);
      if (next !== undefined) place.set(subject, next);
    };
  },
};

export const textEditors: readonly EditorDefinition[] = [set, replacePattern, replaceAllPatterns, truncateAll];
