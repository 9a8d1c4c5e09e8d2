// The paths that statements may write: fields and attributes of a record, attributes of a resource.

import { type AnyValue, SEVERITY_MAX } from "@chriscode/devmux-telemetry-protocol";
import type { PathDefinition, PathType } from "./context.ts";
import type { EditableRecord, EditableResource } from "./editable.ts";
import { EvaluationError } from "./errors.ts";
import { createStreamNames, type Paths, recordPaths, resourcePaths } from "./paths.ts";
import { fieldPlace, keyedPlace, type Place } from "./place.ts";
import { checkSize, typeOf } from "./values.ts";

/** What a batch may hold (its limits of depth and number), less what stands around a value. */
const maxDepth = 28;
const maxValues = 8_192;

/** Refuses what no batch could hold, so that the next reader of the bytes does not refuse the whole batch. */
function fitting(value: AnyValue, text: string): AnyValue {
  if (typeof value === "object" && value !== null) {
    checkSize(value, maxDepth, maxValues, (what) => {
      throw new EvaluationError(`${text}: ${what}`);
    });
  }
  return value;
}

export function editableRecordPaths(): Paths<EditableRecord> {
  const paths = new Map<string, PathDefinition<EditableRecord>>(recordPaths());
  const field = (name: string, type: PathType, place: Place<EditableRecord>) =>
    paths.set(name, { type, ofResource: false, place });

  field(
    "body",
    "any",
    fieldPlace(
      "body",
      (record) => record.body,
      (record, value) => {
        record.body = fitting(value ?? null, "body");
      },
    ),
  );
  field(
    "severity_number",
    "number",
    fieldPlace(
      "severity_number",
      (record) => record.severityNumber,
      (record, value) => {
        record.severityNumber = severityOf(value ?? 0);
      },
    ),
  );
  field(
    "severity_text",
    "string",
    fieldPlace(
      "severity_text",
      (record) => record.severityText,
      (record, value) => {
        record.severityText = textOf(value ?? "", "severity_text");
      },
    ),
  );
  field(
    "event_name",
    "string",
    fieldPlace(
      "event_name",
      (record) => record.eventName,
      (record, value) => {
        record.eventName = textOf(value ?? "", "event_name");
      },
    ),
  );
  field("attributes", "any", attributesPlace("attributes"));
  return paths;
}

/** `context: resource`: the paths stand with and without `resource.` before them. */
export function editableResourcePaths(): Paths<EditableResource> {
  const streamOf = createStreamNames();
  const path = (name: string): [string, PathDefinition<EditableResource>] => [
    name,
    { type: "any", ofResource: true, place: attributesPlace(name) },
  ];
  const stream = fieldPlace<EditableResource>("stream", streamOf, "it is made from the resource's attributes");
  return new Map([
    ...resourcePaths<EditableResource>("", (resource) => resource, ""),
    ...resourcePaths<EditableResource>("resource.", (resource) => resource, ""),
    path("attributes"),
    path("resource.attributes"),
    ["stream", { type: "string", ofResource: true, place: stream }],
  ]);
}

function attributesPlace<Subject extends EditableRecord | EditableResource>(text: string): Place<Subject> {
  return keyedPlace<Subject>(text, {
    all: (subject) => subject.attributes(),
    get: (subject, key) => subject.attribute(key),
    write: {
      all: (subject, map) => subject.replaceAttributes(fitting(map, text) as typeof map),
      one: (subject, key, value) => subject.setAttribute(key, value === undefined ? undefined : fitting(value, text)),
    },
  });
}

function severityOf(value: AnyValue): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= SEVERITY_MAX) return value;
  throw new EvaluationError(`expected a whole number from 0 to ${SEVERITY_MAX} for severity_number`);
}

function textOf(value: AnyValue, path: string): string {
  if (typeof value === "string") return value;
  throw new EvaluationError(`expected a string for ${path}, got ${typeOf(value)}`);
}
