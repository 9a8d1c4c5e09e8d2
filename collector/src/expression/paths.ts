// The paths of a log record, as OTTL's log context names them, and of a resource.

import { type LogRecord, type Resource, type Scope, streamOfResource } from "@chriscode/devmux-telemetry-protocol";
import type { PathDefinition, PathType } from "./context.ts";
import { fieldPlace, type Keyed, keyedPlace, type Place } from "./place.ts";

export type Paths<Subject> = ReadonlyMap<string, PathDefinition<Subject>>;

type Entry<Subject> = readonly [name: string, definition: PathDefinition<Subject>];

const sharedResource = "all records of a resource share it; use a statement whose target is resource.attributes";
const unwritable = "a batch keeps it as it came";

/** All paths that a condition over records may name. None of them can be written. */
export function recordPaths(): Paths<LogRecord> {
  const field = (name: string, type: PathType, get: (record: LogRecord) => Read): Entry<LogRecord> => [
    name,
    { type, ofResource: false, place: fieldPlace(name, get, unwritable) },
  ];
  const streamOf = createStreamNames();
  return new Map<string, PathDefinition<LogRecord>>([
    field("body", "any", (record) => record.body),
    field("severity_number", "number", (record) => record.severityNumber),
    field("severity_text", "string", (record) => record.severityText),
    field("event_name", "string", (record) => record.eventName),
    field("time_unix_nano", "number", (record) => record.timeUnixNano),
    field("observed_time_unix_nano", "number", (record) => record.observedTimeUnixNano),
    field("trace_id", "string", (record) => record.traceId),
    field("trace_id.string", "string", (record) => record.traceId),
    field("span_id", "string", (record) => record.spanId),
    field("span_id.string", "string", (record) => record.spanId),
    field("flags", "number", (record) => record.flags),
    field("dropped_attributes_count", "number", (record) => record.droppedAttributesCount),
    ["attributes", attributesPath("attributes", false, (record) => record)],
    ...scopePaths("scope"),
    ...scopePaths("instrumentation_scope"),
    ["stream", resourceField("stream", "string", (record) => streamOf(record.resource))],
    ...resourcePaths<LogRecord>("resource.", (record) => record.resource, sharedResource),
  ]);
}

type Read = ReturnType<Place<unknown>["get"]>;
type Owner = Pick<LogRecord | Resource | Scope, "attribute" | "attributes">;

function attributesPath<Subject>(
  name: string,
  ofResource: boolean,
  ownerOf: (subject: Subject) => Owner,
  readOnly: string = unwritable,
): PathDefinition<Subject> {
  const keyed: Keyed<Subject> = {
    all: (subject) => ownerOf(subject).attributes(),
    get: (subject, key) => ownerOf(subject).attribute(key),
    readOnly,
  };
  return { type: "any", ofResource, place: keyedPlace(name, keyed) };
}

function scopePaths(prefix: string): Entry<LogRecord>[] {
  const text = (name: string, get: (scope: Scope) => string): Entry<LogRecord> => [
    name,
    {
      type: "string",
      ofResource: false,
      place: fieldPlace(name, (record: LogRecord) => get(record.scope), unwritable),
    },
  ];
  return [
    text(`${prefix}.name`, (scope) => scope.name),
    text(`${prefix}.version`, (scope) => scope.version),
    text(`${prefix}.schema_url`, (scope) => scope.schemaUrl),
    [`${prefix}.attributes`, attributesPath(`${prefix}.attributes`, false, (record) => record.scope)],
  ];
}

function resourceField<Subject>(
  name: string,
  type: PathType,
  get: (subject: Subject) => Read,
): PathDefinition<Subject> {
  return { type, ofResource: true, place: fieldPlace(name, get, unwritable) };
}

/** What can be read of a resource, with names that begin with `prefix`. */
export function resourcePaths<Subject>(
  prefix: string,
  resourceOf: (subject: Subject) => Resource,
  readOnly: string,
): Entry<Subject>[] {
  const names = {
    attributes: `${prefix}attributes`,
    schema: `${prefix}schema_url`,
    dropped: `${prefix}dropped_attributes_count`,
  };
  return [
    [names.attributes, attributesPath(names.attributes, true, resourceOf, readOnly)],
    [names.schema, resourceField(names.schema, "string", (subject) => resourceOf(subject).schemaUrl)],
    [names.dropped, resourceField(names.dropped, "number", (subject) => resourceOf(subject).droppedAttributesCount)],
  ];
}

/** The stream's name of a resource, found once for each. */
export function createStreamNames(): (resource: Resource) => string {
  const names = new WeakMap<Resource, string>();
  return (resource) => {
    let name = names.get(resource);
    if (name === undefined) {
      ({ name } = streamOfResource(resource.attributes()));
      names.set(resource, name);
    }
    return name;
  };
}
