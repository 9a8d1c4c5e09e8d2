// This client and its peers from npm, each started in a page as its guide says, with all of the console captured.

import { build } from "esbuild";

/** By name: the page's module, which puts `start(url)` in place. `url` is a server that answers everything. */
const apps = {
  "@chriscode/devmux-telemetry": `
    import { initTelemetry } from "@chriscode/devmux-telemetry";
    // A flood becomes a count, and a count costs less than a record: here each call is to be a record.
    const rate = { identical: 1e9, burst: 1e9, sustained: 1e9, perSite: 1e9 };
    window.start = (url, options = { rate }) => { window.telemetry = initTelemetry({ serverUrl: url, serviceName: "bench", ...options }); };`,
  "@sentry/browser": `
    import * as Sentry from "@sentry/browser";
    window.start = (url) => Sentry.init({
      dsn: url.replace("://", "://key@") + "/1",
      enableLogs: true,
      integrations: [Sentry.consoleLoggingIntegration()],
    });`,
  "@datadog/browser-logs": `
    import { datadogLogs } from "@datadog/browser-logs";
    window.start = (url) => datadogLogs.init({
      clientToken: "pub0", site: "datadoghq.com", service: "bench", proxy: url + "/dd",
      forwardConsoleLogs: "all", forwardErrorsToLogs: true, telemetrySampleRate: 0, sessionSampleRate: 100,
      trackingConsent: "granted", allowUntrustedEvents: true,
    });`,
  "@grafana/faro-web-sdk": `
    import { initializeFaro, getWebInstrumentations } from "@grafana/faro-web-sdk";
    window.start = (url) => initializeFaro({
      url: url + "/faro", app: { name: "bench" },
      instrumentations: getWebInstrumentations({ captureConsole: true }),
      consoleInstrumentation: { disabledLevels: [] },
    });`,
};

export const names = Object.keys(apps);
export const [ours] = names;

/** The page's module, minified as a page gets it; `contents` in place of the client's own. */
export async function bundleOf(name, contents = apps[name]) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    define: { "process.env.NODE_ENV": '"development"' },
    external: ["@opentelemetry/exporter-logs-otlp-http"],
    logLevel: "error",
  });
  return outputFiles[0].text;
}
