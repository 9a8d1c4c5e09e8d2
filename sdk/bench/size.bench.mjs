// Bundle size, minified by esbuild and gzipped: this client, and its peers from npm, started as their guides say.

import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const apps = {
  "@chriscode/devmux-telemetry": 'import { initTelemetry } from "@chriscode/devmux-telemetry"; initTelemetry();',
  "@sentry/browser":
    'import * as Sentry from "@sentry/browser"; Sentry.init({ dsn: "http://a@127.0.0.1/1", enableLogs: true, integrations: [Sentry.consoleLoggingIntegration()] });',
  "@datadog/browser-logs":
    'import { datadogLogs } from "@datadog/browser-logs"; datadogLogs.init({ clientToken: "x", forwardConsoleLogs: "all" });',
  "@grafana/faro-web-sdk":
    'import { initializeFaro } from "@grafana/faro-web-sdk"; initializeFaro({ url: "http://127.0.0.1/", app: { name: "a" } });',
};

for (const [name, contents] of Object.entries(apps)) {
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
  console.log(`${name.padEnd(32)} ${gzipSync(outputFiles[0].contents, { level: 9 }).length} B gzip`);
}
