// Starts telemetry in development; `__DEV__` says whether it is. The collector is looked for on the machine that serves the
// bundle, so a phone needs no address.

import { initTelemetry } from "@chriscode/devmux-telemetry";

initTelemetry({ serviceName: "devmux-example" });
