// Something in a subject that can be read and may be written: a field, an attribute, a value inside one.

import type { AnyMap, AnyValue } from "@chriscode/devmux-telemetry-protocol";
import { EvaluationError } from "./errors.ts";
import type { Key } from "./syntax.ts";
import { emptyMap, isList, isMap, typeOf, valueAt } from "./values.ts";

export interface Place<Subject> {
  /** As the user wrote it. */
  readonly text: string;
  /** Why it cannot be written, or undefined where it can. */
  readonly readOnly: string | undefined;
  get(subject: Subject): AnyValue;
  /** `undefined` removes it. Throws EvaluationError where the value does not fit. */
  set(subject: Subject, value: AnyValue | undefined): void;
  at(key: Key): Place<Subject>;
}

/** A place that is one field of the subject. */
export function fieldPlace<Subject>(
  text: string,
  get: (subject: Subject) => AnyValue,
  set: ((subject: Subject, value: AnyValue | undefined) => void) | string,
): Place<Subject> {
  const place: Place<Subject> = {
    text,
    readOnly: typeof set === "string" ? set : undefined,
    get,
    set: typeof set === "string" ? refuse(text, set) : set,
    at: (key) => innerPlace(place, key),
  };
  return place;
}

/** What can be asked for one key without reading all of them: the attributes of a record, a resource, a scope. */
export interface Keyed<Subject> {
  all(subject: Subject): AnyMap;
  get(subject: Subject, key: string): AnyValue | undefined;
  /** Absent: read-only. */
  readonly write?: {
    all(subject: Subject, map: AnyMap): void;
    one(subject: Subject, key: string, value: AnyValue | undefined): void;
  };
  readonly readOnly?: string;
}

export function keyedPlace<Subject>(text: string, keyed: Keyed<Subject>): Place<Subject> {
  const { write } = keyed;
  const readOnly = write === undefined ? (keyed.readOnly ?? "it is read-only") : undefined;
  return {
    text,
    readOnly,
    get: keyed.all,
    set:
      write === undefined
        ? refuse(text, readOnly!)
        : (subject, value) => write.all(subject, value === undefined ? emptyMap() : expectMap(value, text)),
    at(key) {
      const name = String(key);
      const set =
        write === undefined
          ? readOnly!
          : (subject: Subject, value: AnyValue | undefined) => write.one(subject, name, value);
      return fieldPlace(keyText(text, name), (subject) => keyed.get(subject, name) ?? null, set);
    },
  };
}

/** The value at a key of what is in another place. Writing it writes a copy of the whole value there. */
function innerPlace<Subject>(outer: Place<Subject>, key: Key): Place<Subject> {
  const text = keyText(outer.text, key);
  return fieldPlace(
    text,
    (subject) => valueAt(outer.get(subject), key),
    outer.readOnly ?? ((subject, value) => outer.set(subject, withValue(outer.get(subject), key, value, outer.text))),
  );
}

/** A copy of `value` with another one at `key`. What is nil becomes a map. */
function withValue(value: AnyValue, key: Key, inner: AnyValue | undefined, text: string): AnyValue {
  if (typeof key === "number") {
    if (!isList(value)) throw new EvaluationError(`expected a list at ${text}, got ${typeOf(value)}`);
    if (key >= value.length) throw new EvaluationError(`expected a list of more than ${key} values at ${text}`);
    return inner === undefined ? value.toSpliced(key, 1) : value.with(key, inner);
  }
  const map = Object.assign(emptyMap(), value === null ? undefined : expectMap(value, text));
  if (inner === undefined) delete map[key];
  else map[key] = inner;
  return map;
}

export function expectMap(value: AnyValue, text: string): AnyMap {
  if (isMap(value)) return value;
  throw new EvaluationError(`expected a map at ${text}, got ${typeOf(value)}`);
}

function keyText(text: string, key: Key): string {
  return `${text}[${JSON.stringify(key)}]`;
}

function refuse(text: string, reason: string): () => never {
  return () => {
    throw new EvaluationError(`${text} cannot be written: ${reason}`);
  };
}
