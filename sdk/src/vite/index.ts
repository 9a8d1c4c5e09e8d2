// The build-time companion for Vite: `plugins: [devmuxTelemetry()]`.

export type { DevmuxViteOptions } from "./options.ts";
export { devmuxTelemetry } from "./plugin.ts";
