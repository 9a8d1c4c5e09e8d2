// Names for numbers: SEVERITY_NUMBER_TRACE … SEVERITY_NUMBER_FATAL4, as in OTLP.

import { SEVERITY_MAX, severityName } from "@chriscode/devmux-telemetry-protocol";

export const constants: ReadonlyMap<string, number> = new Map([
  ["SEVERITY_NUMBER_UNSPECIFIED", 0],
  ...Array.from({ length: SEVERITY_MAX }, (_, index): [string, number] => [
    `SEVERITY_NUMBER_${severityName(index + 1)}`,
    index + 1,
  ]),
]);
