// Gives console calls their places in the source. The calls stay as they are: what is added is one statement before them,
// on their module's first line, with a table of where in the module each call stands and where in its source it came from.

import { dirname, resolve } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import MagicString from "magic-string";
import { type CallOffsets, findConsoleCalls } from "./calls.ts";

/** A place in a source; `line` and `column` are 1-based. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

export interface SourcePlaces {
  readonly file: string;
  /** One for each console call of the module, in their order; undefined for a call that no source has. */
  readonly places: readonly (SourcePlace | undefined)[];
}

export interface Located {
  readonly code: string;
  readonly map: ReturnType<MagicString["generateMap"]>;
}

/** Cheap, and right for nearly every module: most have no console call. */
export function mayLog(code: string): boolean {
  return code.includes("console");
}

/** Where the source has the console calls of a module that `map` leads back to. `id` is the module's file. */
export function sourcePlaces(code: string, program: unknown, map: object, id: string): SourcePlaces | undefined {
  const calls = findConsoleCalls(program);
  const trace = new TraceMap(JSON.stringify(map));
  const { positionAt } = createPositions(code);
  const lead = (offset: number) => {
    const { line, column } = positionAt(offset);
    return originalPositionFor(trace, { line, column });
  };
  const places = calls.map(({ start, method }): SourcePlace | undefined => {
    const callee = lead(start);
    const name = lead(method);
    if (name.line === null) return undefined;
    // A map may know where the callee begins and no more.
    const isSame = name.line === callee.line && name.column === callee.column;
    return { line: name.line, column: name.column + (isSame ? method - start : 0) + 1 };
  });
  const source = calls.map(({ method }) => lead(method).source).find((name) => name !== null);
  if (source === undefined || source === null) return undefined;
  return { file: resolve(dirname(id), source.replace(/[?#].*$/, "")), places };
}

/** The module as the browser gets it, with its table; undefined where its calls are not those that `sources` knows. */
export function addPlaces(code: string, program: unknown, { file, places }: SourcePlaces): Located | undefined {
  const calls = findConsoleCalls(program);
  if (calls.length !== places.length || code.startsWith("#!")) return undefined;
  // The table stands on the first line, whose columns depend on its length, which depends on their digits.
  let shift = 0;
  let statement = "";
  do {
    shift = statement.length;
    statement = tableOf(file, calls, places, createPositions(code), shift);
  } while (statement.length !== shift);
  const text = new MagicString(code);
  text.prepend(statement);
  return { code: text.toString(), map: text.generateMap({ hires: "boundary" }) };
}

function tableOf(
  file: string,
  calls: readonly CallOffsets[],
  places: SourcePlaces["places"],
  { positionAt }: Positions,
  shift: number,
): string {
  const columnOf = (offset: number): number => {
    const { line, column } = positionAt(offset);
    return column + 1 + (line === 1 ? shift : 0);
  };
  const numbers = calls.flatMap(({ start, method, end }, index) => {
    const place = places[index];
    if (place === undefined) return [];
    // Engines name a call by its callee's beginning, by its method's name, or by what follows (JavaScriptCore).
    return [positionAt(method).line, columnOf(start), columnOf(end) + 1, place.line, place.column];
  });
  const table = [JSON.stringify(file), ...numbers].join(",");
  return `(globalThis.__devmuxPlaces??=new Map).set(import.meta.url,[${table}]);`;
}

interface Positions {
  positionAt(offset: number): { readonly line: number; readonly column: number };
}

/** Lines are 1-based and columns 0-based, as source maps count. */
function createPositions(code: string): Positions {
  const starts = [0];
  for (const { index } of code.matchAll(/\n/g)) starts.push(index + 1);
  return {
    positionAt(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (starts[middle]! <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - starts[low]! };
    },
  };
}
