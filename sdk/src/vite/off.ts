// Stands in for the client in a production build: the same functions, and nothing behind them. They are marked so that a
// bundler drops a call whose result nobody uses.

interface Inert {
  flush(): Promise<void>;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
  onEmit(): void;
  export(records: unknown, callback: (result: { readonly code: 0 }) => void): void;
  readonly enabled: false;
  readonly status: { readonly problems: readonly string[] };
}

/* @__NO_SIDE_EFFECTS__ */
async function done(): Promise<void> {}

/* @__NO_SIDE_EFFECTS__ */
function inert(): Inert {
  return {
    flush: done,
    forceFlush: done,
    shutdown: done,
    onEmit() {},
    // 0 is OTel's SUCCESS.
    export: (_records, callback) => callback({ code: 0 }),
    enabled: false,
    status: { problems: [] },
  };
}

/* @__NO_SIDE_EFFECTS__ */
export function initTelemetry(): Inert {
  return inert();
}

/* @__NO_SIDE_EFFECTS__ */
export async function shutdownTelemetry(): Promise<void> {}

/* @__NO_SIDE_EFFECTS__ */
export function createDevmuxExporter(): Inert {
  return inert();
}

/* @__NO_SIDE_EFFECTS__ */
export function createBatchProcessor(): Inert {
  return inert();
}
