// JSON that is safe to look at: the queue is read with `cat` and `tail` too.

/** All that JSON writes as it is. */
const needsEscape = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;
/** What JSON leaves as it is and a terminal does not: DEL, C1, what hides or reorders text, line separators. */
const needsMore = /[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A string of JSON. */
export function quote(text: string): string {
  return needsEscape.test(text) ? escapeMore(JSON.stringify(text)) : `"${text}"`;
}

/** A value as one line of JSON, ended by LF. */
export function jsonLine(value: object): string {
  return `${escapeMore(JSON.stringify(value))}\n`;
}

function escapeMore(json: string): string {
  return json.replace(needsMore, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
