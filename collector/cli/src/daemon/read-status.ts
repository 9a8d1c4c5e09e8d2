// Asks a running collector for its status.

import type { StatusReport } from "@chriscode/devmux-telemetry-server";
import { httpUrl, requestJson } from "./request.ts";
import type { CollectorState } from "./state-file.ts";

/** The answer takes some milliseconds; a machine that builds at the same time may need longer. */
const statusTimeoutMs = 5_000;

/** The report, or a sentence that says why there is none. */
export async function readStatus({ url, controlToken }: CollectorState): Promise<StatusReport | string> {
  const answer = await requestJson({
    url: httpUrl(url, "/api/status"),
    token: controlToken,
    timeoutMs: statusTimeoutMs,
  });
  if (answer.kind === "none") return answer.reason;
  if (answer.status !== 200) return `it refuses to tell its status (HTTP ${answer.status})`;
  return answer.body as StatusReport;
}
