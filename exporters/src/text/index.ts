// Text from outside, made safe for a terminal; for the command line too.

export { type SanitiseOptions, sanitiseLine } from "./sanitise.ts";
