// Stack traces as engines write them: V8 and Hermes ("at f (url:1:2)"), Gecko and JSC ("f@url:1:2").

export interface Frame {
  readonly function?: string;
  readonly file: string;
  readonly line: number;
  /** Hermes bytecode has an offset here. */
  readonly column: number;
}

/** No real frame is longer, and a longer line costs the patterns below time. */
const maxLineLength = 1024;

/** The first `limit` frames that have a file; frames of the engine itself have none. */
export function parseFrames(stack: string, limit: number): Frame[] {
  const frames: Frame[] = [];
  let start = 0;
  while (start <= stack.length && frames.length < limit) {
    let end = stack.indexOf("\n", start);
    if (end < 0) end = stack.length;
    const frame = end - start > maxLineLength ? undefined : parseFrame(stack.slice(start, end));
    if (frame !== undefined) frames.push(frame);
    start = end + 1;
  }
  return frames;
}

function parseFrame(text: string): Frame | undefined {
  const position = /:(\d{1,9}):(\d{1,9})\)?\s*$/.exec(text);
  if (position === null) return undefined;
  const before = text.slice(0, position.index);
  const v8 = /^\s*at (?:async )?(?:(.*) \()?(?:address at )?(.+)$/.exec(before);
  const at = v8 === null ? before.indexOf("@") : -1;
  const name = v8 === null ? before.slice(0, Math.max(at, 0)) : (v8[1] ?? "");
  const file = cleanFile(v8 === null ? (at < 0 ? "" : before.slice(at + 1)) : (v8[2] ?? ""));
  // Not what the engine runs by itself, nor what was compiled from text.
  if (!/[/\\.]/.test(file) || /^(node:|\[native)/.test(file) || text.includes("eval at ")) return undefined;
  return {
    ...(name.trim() && { function: name.trim() }),
    file,
    line: Number(position[1]),
    column: Number(position[2]),
  };
}

/** Without what a development server adds to tell one build of a module from the next. */
function cleanFile(file: string): string {
  const path = file.replace(/^file:\/\/(?=\/)/, "");
  return path.replace(/[?&][tv]=[\w.]+$/, "");
}
