import { describe, expect, test } from "vitest";
import type { Command } from "./command.ts";
import { defineGroup, defineRunnable } from "./command.ts";
import { root as realRoot } from "./commands/root.ts";
import { CliError } from "./errors.ts";
import { exitCodes } from "./exit-codes.ts";
import { run } from "./run.ts";
import { createTestShell } from "./testing/shell.ts";

function createRoot(calls: unknown[] = []): Command {
  const go = defineRunnable({
    name: "go",
    summary: "Go somewhere",
    examples: ["prog travel go there --fast"],
    args: {
      place: { type: "positional", required: false },
      fast: { type: "boolean", default: false },
      via: { type: "string", valueHint: "PLACE" },
    },
    async run({ place, fast, via }) {
      calls.push({ place, fast, via });
      if (place === "nowhere") throw new CliError("DEVMUX_UNKNOWN_STREAM", "there is no nowhere", ["go somewhere"]);
      if (place === "crash") throw new Error("wheels came off");
      return exitCodes.ok;
    },
  });
  const secret = defineRunnable({
    name: "secret",
    summary: "",
    examples: [],
    args: {},
    hidden: true,
    run: async () => 0,
  });
  const travel = defineGroup({
    name: "travel",
    summary: "Travel",
    examples: ["prog travel go"],
    commands: [go, secret],
  });
  return defineGroup({ name: "prog", summary: "A program", examples: ["prog travel go"], commands: [travel] });
}

async function runWith(...argv: string[]) {
  const calls: unknown[] = [];
  const shell = createTestShell();
  const code = await run(createRoot(calls), argv, shell);
  return { code, calls, out: shell.out(), err: shell.err() };
}

describe("a command line that is right", () => {
  test("reaches its command with its arguments", async () => {
    const { code, calls, out, err } = await runWith("travel", "go", "there", "--fast", "--via", "town");
    expect([code, out, err]).toEqual([0, "", ""]);
    expect(calls).toEqual([{ place: "there", fast: true, via: "town" }]);
  });

  test.each([["--via=-x"], ["--no-fast"], ["--fast=false"]])("takes %s", async (option) => {
    expect((await runWith("travel", "go", option)).code).toBe(0);
  });

  test("after -- everything is an argument", async () => {
    expect((await runWith("travel", "go", "--", "--fast")).calls).toEqual([
      { place: "--fast", fast: false, via: undefined },
    ]);
  });
});

describe("a command line that is wrong gets exit code 2, a reason and where to look", () => {
  test.each([
    [[], "prog needs a command: travel", "see: prog --help"],
    [["travel"], "prog travel needs a command: go", "see: prog travel --help"],
    [["trvael"], 'unknown command "trvael"; did you mean "travel"?', "see: prog --help"],
    [["travel", "xyzzy"], 'unknown command "xyzzy" (known: go)', "see: prog travel --help"],
    [["travel", "go", "--fats"], 'unknown option "--fats"; did you mean "--fast"?', "see: prog travel go --help"],
    [["travel", "go", "-f"], 'unknown option "-f"', "see: prog travel go --help"],
    [["--nope"], 'unknown option "--nope"', "see: prog --help"],
    [["travel", "go", "a", "b"], 'unexpected argument "b"', "see: prog travel go --help"],
    [["travel", "go", "--via"], "--via: expected a value: --via <PLACE>", "see: prog travel go --help"],
    [["travel", "go", "--via", "--fast"], '--via: expected a value, got the option "--fast"', "--help"],
    [["travel", "go", "--fast=yes"], '--fast: expected no value, got "yes"', "--help"],
    [["travel", "go", "--__proto__"], 'unknown option "--__proto__"', "--help"],
  ])("%j", async (argv, message, hint) => {
    const { code, out, err } = await runWith(...argv);
    expect([code, out]).toEqual([exitCodes.usage, ""]);
    expect(err).toContain(`error: ${message}`);
    expect(err).toContain(hint);
  });
});

describe("a command that fails", () => {
  test("for a known reason gives its exit code, the reason and what to do", async () => {
    const { code, err } = await runWith("travel", "go", "nowhere");
    expect([code, err]).toEqual([exitCodes.notFound, "error: there is no nowhere\n  go somewhere\n"]);
  });

  test("for an unknown reason says that the fault is ours, with the stack", async () => {
    const { code, err } = await runWith("travel", "go", "crash");
    expect(code).toBe(exitCodes.failed);
    expect(err).toContain("wheels came off");
    expect(err).toContain("run.test.ts");
  });
});

describe("help", () => {
  test.each([[["--help"]], [["-h"]], [["help"]]])("%j lists the commands", async (argv) => {
    const { code, out, err } = await runWith(...argv);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("travel");
    expect(out).toContain("prog travel go");
  });

  test.each([[["travel", "--help"]], [["help", "travel"]]])("%j leaves hidden ones out", async (argv) => {
    const { code, out } = await runWith(...argv);
    expect(code).toBe(0);
    expect(out).toContain("go");
    expect(out).not.toContain("secret");
  });

  test.each(everyCommand(realRoot).map((entry) => [entry.path, entry] as const))(
    "%s has an example that begins with it",
    async (path, { command }) => {
      const shell = createTestShell();
      const code = await run(realRoot, [...path.split(" ").slice(1), "--help"], shell);
      expect(code).toBe(0);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) {
        if (command.hidden !== true) expect(example).toMatch(new RegExp(`^${path}\\b`));
        expect(shell.out()).toContain(example);
      }
    },
  );
});

test("--version prints the version and nothing else", async () => {
  const { code, out, err } = await runWith("--version");
  expect([code, out, err]).toEqual([0, "1.2.3\n", ""]);
});

describe("colour", () => {
  test.each([
    ["a terminal", true, {}, true],
    ["no terminal", false, {}, false],
    ["NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["a terminal that has none", true, { TERM: "dumb" }, false],
  ])("%s", async (_name, isTTY, env, coloured) => {
    const shell = createTestShell({ isTTY, env });
    await run(createRoot(), ["--help"], shell);
    await run(createRoot(), ["nope"], shell);
    expect(shell.out().includes("\u001b")).toBe(coloured);
    expect(shell.err().includes("\u001b")).toBe(coloured);
  });
});

interface Entry {
  readonly path: string;
  readonly command: Command;
}

function everyCommand(command: Command, before = ""): Entry[] {
  const path = `${before} ${command.name}`.trim();
  return [{ path, command }, ...(command.commands ?? []).flatMap((each) => everyCommand(each, path))];
}
