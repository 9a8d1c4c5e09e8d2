// All there is to it: the page itself has no word of telemetry.

import { devmuxTelemetry } from "@chriscode/devmux-telemetry/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [devmuxTelemetry({ telemetry: { serviceName: "vite-example" } })],
});
