// OTLP/JSON of what is around records, resource and scope, made once for each pair.

import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { encodeAttributes } from "./encode-record.ts";
import type { Group } from "./outbox.ts";

type Resource = ReadableLogRecord["resource"];
type Scope = ReadableLogRecord["instrumentationScope"];

export interface Groups {
  of(resource: Resource, scope: Scope): Group;
}

/** `isTold`: the hello has told the collector this resource, so that its records need not repeat it. */
export function createGroups(isTold: (resource: Resource) => boolean): Groups {
  const byScope = new WeakMap<Scope, WeakMap<Resource, Group>>();
  return {
    of(resource, scope) {
      const groups = getOrAdd(byScope, scope, () => new WeakMap<Resource, Group>());
      return getOrAdd(groups, resource, () => ({ resource: resourceText(resource, isTold), scope: scopeText(scope) }));
    },
  };
}

function getOrAdd<Key extends object, Value>(map: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function resourceText(resource: Resource, isTold: (resource: Resource) => boolean): string {
  return `"resource":{"attributes":${isTold(resource) ? "[]" : encodeAttributes(resource.attributes)}}`;
}

function scopeText({ name, version, attributes }: Scope): string {
  const fields = [`"name":${JSON.stringify(name)}`];
  if (version !== undefined) fields.push(`"version":${JSON.stringify(version)}`);
  if (attributes !== undefined) fields.push(`"attributes":${encodeAttributes(attributes)}`);
  return `"scope":{${fields.join(",")}}`;
}
