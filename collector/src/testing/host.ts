// What a component is started with when there is no collector around it: a state directory and streams that a test feeds.

import type { Host, StreamChange, StreamInfo, Streams } from "../component/index.ts";

export interface TestHost extends Host {
  /** Tells every listener of `streams`. */
  change(change: StreamChange): void;
}

/** `overrides`: what a component needs of a collector beyond that; without it, asking is an error. */
export function testHost(stateDir: string, overrides: Partial<Host> = {}): TestHost {
  const listeners = new Set<(change: StreamChange) => void>();
  const streams: Streams = {
    list: (): readonly StreamInfo[] => [],
    opened: () => () => {},
    received() {},
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const absent = (what: string) => () => {
    throw new Error(`this test has no ${what}`);
  };
  return {
    stateDir,
    streams,
    collector: { name: "test", version: "0.0.0", instanceId: "test" },
    address: { host: "127.0.0.1", port: 0 },
    listening() {},
    isOwnAddress: () => false,
    allowOrigins() {},
    access: absent("access rules"),
    admits: () => true,
    listener: absent("listener"),
    extension: () => undefined,
    health: () => ({ phase: "running", components: [] }),
    ...overrides,
    change(change) {
      for (const listener of listeners) listener(change);
    },
  };
}
