// The preload: `node --import @chriscode/devmux-telemetry/node app.js`. Starts by being imported, before the app does;
// what an app would pass to initTelemetry comes from the environment.

import { initTelemetry } from "./index.ts";

const { DEVMUX_SERVER_URL, DEVMUX_TOKEN, DEVMUX_ENABLED, OTEL_RESOURCE_ATTRIBUTES = "" } = process.env;

initTelemetry({
  ...(DEVMUX_SERVER_URL && { serverUrl: DEVMUX_SERVER_URL }),
  ...(DEVMUX_TOKEN && { token: DEVMUX_TOKEN }),
  ...(DEVMUX_ENABLED && { enabled: !/^(0|false|no|off)$/i.test(DEVMUX_ENABLED) }),
  // OTel's own: `key=value,key=value`, the values percent-encoded.
  resourceAttributes: Object.fromEntries(
    OTEL_RESOURCE_ATTRIBUTES.split(",").flatMap((pair) => {
      const [, key, value = ""] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      return key === undefined ? [] : [[key, decode(value)]];
    }),
  ),
});

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
