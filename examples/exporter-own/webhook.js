// An exporter of one's own: posts the text of each error to a URL, as chat programs take it (`{"text": "…"}`).
//
// The collector loads it by its path; `devmux.config.json` beside this file shows how. It is plain JavaScript with types in
// comments, so that nothing has to be built.

import { accepted, duration, rejected, retryable } from "@chriscode/devmux-telemetry-server/component";
import { z } from "zod";

/** OTel severity number of ERROR. */
const errorSeverity = 17;
/** A chat cuts or refuses what is longer. */
const maxTextChars = 2_000;

const config = z.strictObject({
  /** Where to post. */
  url: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:8080/"),
  /** A program on the same network answers sooner; past it the batch is tried again. */
  timeout: duration("5s"),
});

/** @type {import("@chriscode/devmux-telemetry-server/component").ExporterFactory<z.output<typeof config>>} */
export const factory = {
  kind: "exporter",
  type: "webhook",
  summary: "the text of each error, posted to a URL",
  signals: ["logs"],
  config,
  create: (settings, { url, timeout }) => ({
    async export(batch, signal) {
      const text = errorsOf(batch);
      if (text === "") return accepted;
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ text }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
        });
        await response.body?.cancel();
        if (response.ok) return accepted;
        const reason = `${url} answered ${response.status}`;
        // A client's fault stays one; everything else may pass.
        return response.status >= 400 && response.status < 500 && response.status !== 429
          ? rejected(reason)
          : retryable(reason);
      } catch (error) {
        settings.log.debug("not reached", { error: String(error) });
        return retryable(`${url} cannot be reached`);
      }
    },
  }),
};

/** @param {import("@chriscode/devmux-telemetry-server/component").Batch} batch */
function errorsOf(batch) {
  if (batch.signal !== "logs") return "";
  const lines = [...batch.records()]
    .filter(({ severityNumber }) => severityNumber >= errorSeverity)
    .map(({ body }) => (typeof body === "string" ? body : JSON.stringify(body)));
  return lines.join("\n").slice(0, maxTextChars);
}
