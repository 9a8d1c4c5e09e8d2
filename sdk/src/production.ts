// The client of a production build, by the export condition `production`: the same names, and nothing behind them.

import type * as Client from "./index.ts";

const done = async (): Promise<void> => {};
const off: Client.Telemetry = { enabled: false, status: { problems: [] }, flush: done, shutdown: done };
const exporting = (_: unknown, end: (result: { code: 0 }) => void): void => end({ code: 0 });

export const initTelemetry: typeof Client.initTelemetry = () => off;
export const shutdownTelemetry: typeof Client.shutdownTelemetry = done;
export const diagnose: typeof Client.diagnose = async () => "off: a production build";
/** What has the methods of both, as far as anyone calls them. */
const nothing = (): void => {};
const inert = (): never =>
  ({
    status: {},
    export: exporting,
    forceFlush: done,
    shutdown: done,
    connect: nothing,
    rest: nothing,
    setLeaving: nothing,
    onEmit: nothing,
  }) as never;

export const createDevmuxExporter = inert as typeof Client.createDevmuxExporter;
export const createBatchProcessor = inert as typeof Client.createBatchProcessor;
