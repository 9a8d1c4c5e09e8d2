// JSON for files that people read in a terminal too: what a terminal could obey is written as an escape.

import { invisible } from "./invisible.ts";

/** What JSON does not write as it is, and all that is not ASCII. */
const needsEscape = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;
/** The one test that most JSON needs: anything but printable ASCII. */
const unusual = /[^\x20-\x7e]/;
const obeyed = new RegExp(`[${invisible}]`, "gu");

/** A string of JSON. */
export function quote(text: string): string {
  return needsEscape.test(text) ? visibleJson(JSON.stringify(text)) : `"${text}"`;
}

/** A value as one line of JSON, ended by LF. */
export function jsonLine(value: object): string {
  return `${visibleJson(JSON.stringify(value))}\n`;
}

/** The same JSON, in which every character that `JSON.stringify` leaves and a terminal obeys is an escape. */
export function visibleJson(json: string): string {
  return unusual.test(json) ? json.replace(obeyed, escaped) : json;
}

function escaped(character: string): string {
  let out = "";
  for (let index = 0; index < character.length; index++)
    out += `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  return out;
}
