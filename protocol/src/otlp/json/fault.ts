// What is wrong in a JSON request, and where. Not an Error: one bad record in a million costs no stack trace.

export class Fault {
  readonly path: (string | number)[] = [];
  readonly expected: string;
  readonly got: string;

  constructor(expected: string, value: unknown) {
    this.expected = expected;
    this.got = describe(value);
  }

  toString(): string {
    let path = "";
    for (const step of this.path) path += typeof step === "number" ? `[${step}]` : path === "" ? step : `.${step}`;
    return `${path === "" ? "the request" : path}: expected ${this.expected}, got ${this.got}`;
  }
}

const shownCharacters = 40;

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  const text = String(value);
  const shown = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
  return typeof value === "string" ? JSON.stringify(shown) : shown;
}
