import { expect, test } from "vitest";
import { type ConsoleCall, type ConsoleTarget, captureConsole } from "./console.ts";
import { type ConsoleEntry, createConsoleState } from "./console-methods.ts";
import { createGuard } from "./guard.ts";
import { allMethods as all, type ConsoleMethod, levels } from "./methods.ts";
import { captureSite } from "./site.ts";
import { callerOf } from "./site-text.ts";

/** A call and what it means. */
type Taken = ConsoleCall & ConsoleEntry & { readonly groupDepth: number };

interface Call {
  readonly that: unknown;
  readonly args: unknown[];
}

/** A console that writes down what it is called with. */
function createTarget(): { target: ConsoleTarget; calls: { [method: string]: Call[] } } {
  const calls: { [method: string]: Call[] } = {};
  const target: ConsoleTarget = {};
  for (const method of all) {
    calls[method] = [];
    target[method] = function (this: unknown, ...args: unknown[]) {
      calls[method]?.push({ that: this, args });
      return `${method} ran`;
    };
  }
  return { target, calls };
}

function run(target: ConsoleTarget, method: ConsoleMethod, ...args: unknown[]): unknown {
  return (target[method] as (...args: unknown[]) => unknown)(...args);
}

function capture(target: ConsoleTarget, take?: (call: Taken) => void, clock = () => 0) {
  const taken: Taken[] = [];
  const state = createConsoleState();
  const errors: unknown[] = [];
  const guard = createGuard((error) => errors.push(error));
  const end = captureConsole(target, all, guard, (call) => {
    const groupDepth = state.depth;
    const entry = state.entryOf(call.method, call.args, clock());
    if (entry) (take ?? ((each) => taken.push(each)))({ ...call, ...entry, groupDepth });
  });
  return { taken, errors, guard, end };
}

test.each(all)(
  "console.%s: the original runs once, with the same this and arguments, and its result is returned",
  (method) => {
    const { target, calls } = createTarget();
    capture(target);
    const args = ["label", { a: 1 }, Symbol("s")];
    const that = {};
    expect((target[method] as (...args: unknown[]) => unknown).apply(that, args)).toBe(`${method} ran`);
    expect(calls[method]).toHaveLength(1);
    expect(calls[method]?.[0]?.that).toBe(that);
    expect(calls[method]?.[0]?.args).toEqual(args);
    expect((target[method] as { name: string }).name).toBe("");
  },
);

test.each(levels)("console.%s becomes a call of its level", (method) => {
  const { target } = createTarget();
  const { taken } = capture(target);
  run(target, method, "a", 1);
  expect(taken).toMatchObject([{ level: method, method, args: ["a", 1], groupDepth: 0 }]);
});

test("the caller is where the app called, also through Array.forEach, and with engines that cannot leave frames out", () => {
  const { target } = createTarget();
  const { taken } = capture(target);
  run(target, "log", "direct");
  [1].forEach(target.log as () => void);
  const { captureStackTrace } = Error;
  try {
    Reflect.deleteProperty(Error, "captureStackTrace");
    (target.log as (text: string) => void)("without");
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
  const [direct, through, without] = taken.map(({ site }) => callerOf(site));
  expect(direct).toMatchObject({ file: expect.stringMatching(/console\.test\.ts$/), function: "run" });
  expect(through?.file).toMatch(/console\.test\.ts$/);
  expect(without?.file).toMatch(/console\.test\.ts$/);
});

test("Error.stackTraceLimit is as before", () => {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 17;
  captureSite(() => {});
  expect(Error.stackTraceLimit).toBe(17);
  Error.stackTraceLimit = before;
});

test("what prints nothing is no record: a true assertion, groupEnd, time, countReset", () => {
  const { target } = createTarget();
  const { taken } = capture(target);
  run(target, "assert", true, "x");
  run(target, "groupEnd");
  run(target, "time", "t");
  run(target, "count", "c");
  run(target, "countReset", "c");
  expect(taken.map(({ method }) => method)).toEqual(["count"]);
});

test.each<[string, unknown[], unknown[]]>([
  ["nothing", [false], ["Assertion failed"]],
  ["a text", [0, "%s is odd", 4], ["Assertion failed: %s is odd", 4]],
  ["a value", [null, { a: 1 }], ["Assertion failed", { a: 1 }]],
])("an assertion that fails with %s", (_, args, expected) => {
  const { target } = createTarget();
  const { taken } = capture(target);
  run(target, "assert", ...args);
  expect(taken).toMatchObject([{ level: "error", method: "assert", args: expected }]);
});

test("groups: the heading stands outside, the depth is never negative", () => {
  const { target } = createTarget();
  const { taken } = capture(target);
  for (let index = 0; index < 1_000; index++) run(target, "groupEnd");
  run(target, "group", "one");
  run(target, "log", "in one");
  run(target, "groupCollapsed");
  run(target, "log", "in two");
  run(target, "groupEnd");
  run(target, "log", "in one again");
  run(target, "clear");
  run(target, "log", "outside");
  expect(taken.map(({ args, groupDepth }) => [args[0], groupDepth])).toEqual([
    ["one", 0],
    ["in one", 1],
    ["groupCollapsed", 1],
    ["in two", 2],
    ["in one again", 1],
    ["console was cleared", 1],
    ["outside", 0],
  ]);
});

test("counts and timers are ours, and unknown labels are said", () => {
  const { target } = createTarget();
  let now = 0;
  const { taken } = capture(target, undefined, () => now);
  run(target, "count", "x");
  run(target, "count", "x");
  run(target, "count");
  run(target, "countReset", "y");
  now = 100;
  run(target, "time", "t");
  run(target, "time", "t");
  now = 112.3456;
  run(target, "timeLog", "t", { step: 1 });
  now = 150;
  run(target, "timeEnd", "t");
  run(target, "timeEnd", "t");
  expect(taken.map(({ level, args }) => [level, ...args])).toEqual([
    ["log", "x: 1"],
    ["log", "x: 2"],
    ["log", "default: 1"],
    ["warn", "Count for 'y' does not exist"],
    ["warn", "Timer 't' already exists"],
    ["log", "t: 12.346ms", { step: 1 }],
    ["log", "t: 50ms"],
    ["warn", "Timer 't' does not exist"],
  ]);
});

test("labels without end take no memory without end", () => {
  const { target } = createTarget();
  const { taken } = capture(target);
  for (let index = 0; index < 5_000; index++) run(target, "count", `label ${index}`);
  expect(taken.at(-1)?.args).toEqual(["label 4999: 1"]);
});

test("dir keeps its option, table and trace their values", () => {
  const { target } = createTarget();
  const { taken } = capture(target);
  run(target, "dir", { a: { b: 1 } }, { depth: 0 });
  run(target, "dir", 5, null);
  run(target, "table", [{ a: 1 }], ["a"]);
  run(target, "trace", "here");
  expect(taken).toMatchObject([
    { args: [{ a: { b: 1 } }], depth: 1 },
    { args: [5] },
    { args: [[{ a: 1 }], ["a"]], isTable: true },
    { level: "trace", args: ["here"], withStack: true },
  ]);
});

test("an engine that prints one method through another makes one record", () => {
  const { target, calls } = createTarget();
  target.assert = (condition: unknown, ...data: unknown[]) => {
    if (!condition) run(target, "warn", "Assertion failed", ...data);
  };
  target.trace = () => run(target, "error", "Trace");
  const { taken } = capture(target);
  run(target, "assert", false, "x");
  run(target, "trace");
  expect(taken.map(({ method }) => method)).toEqual(["assert", "trace"]);
  expect(calls.warn).toHaveLength(1);
});

test("what our own work logs goes to the console and no further", () => {
  const { target, calls } = createTarget();
  let depth = 0;
  const { taken, guard } = capture(target, (call) => {
    taken.push(call);
    depth++;
    run(target, "log", "from the inside", depth);
  });
  run(target, "log", "from the app");
  guard.run(() => run(target, "error", "in a hook"));
  expect(taken.map(({ args }) => args[0])).toEqual(["from the app"]);
  expect(calls.log).toHaveLength(2);
  expect(calls.error).toHaveLength(1);
  expect(guard.active).toBe(false);
});

test("a failure of ours stays with us, one of the original's reaches the app, both leave the console working", () => {
  const { target, calls } = createTarget();
  target.warn = () => {
    throw new Error("native");
  };
  const failing = capture(target, () => {
    throw new Error("ours");
  });
  expect(() => run(target, "log", "x")).not.toThrow();
  expect(() =>
    run(target, "count", {
      toString: () => {
        throw new Error("label");
      },
    }),
  ).not.toThrow();
  expect(failing.errors.map(String)).toEqual(["Error: ours", "Error: label"]);
  expect(() => run(target, "warn", "x")).toThrow("native");
  run(target, "info", "still here");
  expect(calls.info).toHaveLength(1);
});

test("ending gives back what is ours, twice without harm", () => {
  const { target } = createTarget();
  const before = { ...target };
  const { end } = capture(target);
  expect(target.log).not.toBe(before.log);
  end();
  end();
  expect(target).toEqual(before);
});

test("another one who patched before us keeps working, and one who patched after us is not undone", () => {
  const { target, calls } = createTarget();
  const seen: string[] = [];
  const patch = (name: string): void => {
    const inner = target.log as (...args: unknown[]) => unknown;
    target.log = (...args: unknown[]) => {
      seen.push(name);
      return inner(...args);
    };
  };
  patch("before");
  const { taken, end } = capture(target);
  patch("after");
  const theirs = target.log;
  run(target, "log", 1);
  end();
  expect(target.log).toBe(theirs);
  run(target, "log", 2);
  expect(seen).toEqual(["after", "before", "after", "before"]);
  expect(taken.map(({ args }) => args)).toEqual([[1]]);
  expect(calls.log).toHaveLength(2);
});

test.each<[string, () => ConsoleTarget]>([
  ["frozen", () => Object.freeze(createTarget().target)],
  ["empty", () => ({})],
  [
    "with a method that cannot be written",
    () => Object.defineProperty(createTarget().target, "log", { writable: false, configurable: false }),
  ],
  [
    "with a method that cannot be read",
    () =>
      Object.defineProperty(createTarget().target, "log", {
        get: () => {
          throw new Error("no");
        },
      }),
  ],
  ["with a method that is none", () => ({ log: 5 }) as ConsoleTarget],
])("a console %s is left as it is, where it has to be", (_, make) => {
  const target = make();
  const { taken, end } = capture(target);
  if (typeof target.warn === "function") {
    run(target, "warn", "x");
    expect(taken).toHaveLength(Object.isFrozen(target) ? 0 : 1);
  }
  expect(end).not.toThrow();
});
