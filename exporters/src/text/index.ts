// Text from outside, made safe for a terminal; for the command line too.

export { localDate } from "./clock.ts";
export { createRecordFormat, type FormatOptions, type RecordFormat, type ShownRecord } from "./format.ts";
export { createHeaderFormat, type HeaderFormat } from "./header.ts";
export { type SanitiseOptions, sanitiseLine } from "./sanitise.ts";
