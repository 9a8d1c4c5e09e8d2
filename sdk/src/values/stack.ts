// Stack traces as engines write them: V8 and Hermes ("at f (url:1:2)"), Gecko and JSC ("f@url:1:2").

export interface Frame {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** Hermes bytecode has an offset here. */
  readonly column: number;
}

declare global {
  /** The place in the source of a place in a module; undefined where it is not known. */
  var __devmuxPlace: ((file: string, line: number, column: number) => Omit<Frame, "function"> | undefined) | undefined;
}

/** The first frame that has a file, after `skip` others; frames of the engine itself and of evaluated text have none. */
export function findFrame(stack: string, skip = 0): Frame | undefined {
  let left = skip;
  for (const line of stack.slice(0, 65_536).split("\n")) {
    // No real frame is longer, and a longer line costs the pattern time.
    const frame = line.length > 1_024 ? undefined : parseFrame(line);
    if (frame !== undefined && --left < 0) return frame;
  }
  return undefined;
}

function parseFrame(text: string): Frame | undefined {
  const match = /^(?:\s*at (?:async )?(?:(.*?) \()?(?:address at )?|([^@]*)@)(.+?):(\d+):(\d+)\)?\s*$/.exec(text);
  if (match === null || text.includes("eval at ")) return undefined;
  const [, v8 = "", gecko = "", file = "", line, column] = match;
  if (!/[/\\.]/.test(file) || /^(node:|\[native)/.test(file)) return undefined;
  const place = { file: cleanFile(file), line: Number(line), column: Number(column) };
  // A build tool knows better where the source has it (vite/runtime.ts).
  return { function: (v8 || gecko).trim(), ...place, ...globalThis.__devmuxPlace?.(file, place.line, place.column) };
}

/** Without what a development server adds to tell one build of a module from the next. */
function cleanFile(file: string): string {
  return file.replace(/^file:\/\/(?=\/)/, "").replace(/[?&][tv]=[\w.]+$/, "");
}
