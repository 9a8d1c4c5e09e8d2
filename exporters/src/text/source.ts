// A source location, short: `src/app.ts:10:5`.

import { sanitiseLine } from "./sanitise.ts";

export type SourceFormat = (file: string, line: number | undefined, column: number | undefined) => string;

/** A page has tens of files, a big one hundreds. */
const maxFiles = 1024;
/** Beyond this the end of a path says more than its beginning, and the text of the record is pushed off the screen. */
const maxPathChars = 60;

/** Shortening is done once for each file. */
export function createSourceFormat(): SourceFormat {
  const files = new Map<string, string>();
  return (file, line, column) => {
    let short = files.get(file);
    if (short === undefined) {
      short = shortPath(file);
      if (files.size >= maxFiles) files.clear();
      files.set(file, short);
    }
    if (line === undefined) return short;
    return column === undefined ? `${short}:${line}` : `${short}:${line}:${column}`;
  };
}

/** Without the server's address, a bundler's scheme, and the query that a dev server adds. */
function shortPath(file: string): string {
  const path = file
    .slice(0, 4096)
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, "")
    .replace(/[?#].*$/s, "")
    .replace(/^(?:\.\/)+/, "")
    .replace(/\n/g, " ");
  const end = path.length <= maxPathChars ? path || "/" : `…${path.slice(-maxPathChars)}`;
  return sanitiseLine(end, { color: false, maxLineChars: 10 * maxPathChars });
}
