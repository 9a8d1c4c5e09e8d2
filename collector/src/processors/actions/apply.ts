// Runs a list of actions over the attributes of a record or a resource.

import { hash } from "node:crypto";
import type { AnyMap, AnyValue } from "@chriscode/devmux-telemetry-protocol";
import { equals, toText } from "../../expression/values.ts";
import type { Action, KeySelection, ValueSource } from "./config.ts";
import { convert } from "./convert.ts";

/** Attributes that can be changed: a record's or a resource's. */
export interface Attributed {
  attribute(key: string): AnyValue | undefined;
  attributes(): AnyMap;
  setAttribute(key: string, value: AnyValue | undefined): void;
}

export function applyActions(actions: readonly Action[], subject: Attributed): void {
  for (const action of actions) applyAction(action, subject);
}

function applyAction(action: Action, subject: Attributed): void {
  switch (action.kind) {
    case "insert":
    case "update":
    case "upsert": {
      const present = subject.attribute(action.key) !== undefined;
      if (action.kind === "upsert" || present === (action.kind === "update"))
        set(subject, action.key, sourced(action.source, subject));
      return;
    }
    case "delete":
      for (const key of keysOf(action.keys, subject)) subject.setAttribute(key, undefined);
      return;
    case "hash":
      for (const key of keysOf(action.keys, subject)) {
        const text = toText(subject.attribute(key) ?? null);
        if (text !== null) subject.setAttribute(key, hash("sha256", text));
      }
      return;
    case "extract": {
      const value = subject.attribute(action.key);
      const groups = typeof value === "string" ? action.pattern.groups(value) : undefined;
      for (const [name, text] of groups ?? []) set(subject, name, text);
      return;
    }
    case "convert": {
      const value = subject.attribute(action.key);
      if (value !== undefined) set(subject, action.key, convert(value, action.to));
    }
  }
}

/** What stays the same is not set, so that a record that nothing changes keeps its bytes. */
function set(subject: Attributed, key: string, value: AnyValue | undefined): void {
  if (value === undefined) return;
  const before = subject.attribute(key);
  if (before === undefined || !equals(before, value)) subject.setAttribute(key, value);
}

function sourced(source: ValueSource, subject: Attributed): AnyValue | undefined {
  return "value" in source ? source.value : subject.attribute(source.fromAttribute);
}

function keysOf(selection: KeySelection, subject: Attributed): readonly string[] {
  if ("key" in selection) return subject.attribute(selection.key) === undefined ? [] : [selection.key];
  return Object.keys(subject.attributes()).filter((key) => selection.pattern.test(key));
}
