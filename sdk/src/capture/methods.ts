// The console's methods that are captured.

/** Those that print by themselves. */
export const levels = ["log", "info", "warn", "error", "debug"] as const;

/** Those that some engines print through the ones above, and those that print nothing. */
export const otherMethods = [
  "trace",
  "assert",
  "table",
  "dir",
  "dirxml",
  "group",
  "groupCollapsed",
  "groupEnd",
  "count",
  "countReset",
  "time",
  "timeLog",
  "timeEnd",
  "clear",
] as const;

export type ConsoleMethod = (typeof levels)[number] | (typeof otherMethods)[number];

export const allMethods: readonly ConsoleMethod[] = [...levels, ...otherMethods];
