// JSON for a file that people read in a terminal too: what a terminal could obey is written as an escape.

import { invisible } from "../text/invisible.ts";

/** The one test that most lines need: anything but printable ASCII. */
const unusual = /[^\x20-\x7e]/;
const obeyed = new RegExp(`[${invisible}]`, "gu");

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
