// `import "@chriscode/devmux-telemetry/auto"`, before everything else: captures from this moment on, for the initTelemetry
// that comes later. The only entry besides the Node preload that does something by being imported.

import { startEarly } from "./early.ts";

startEarly();
