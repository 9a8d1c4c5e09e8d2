// What travels between clients and the collector. No I/O, no dependencies, runs in a browser.

export * from "./live/index.ts";
export * from "./otlp/index.ts";
