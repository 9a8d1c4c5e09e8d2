// Completion in real shells, of command lines as they are typed.

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRaw } from "./raw-client.ts";
import { createWorld, type World } from "./world.ts";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
let world: World;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  world = await createWorld();
  await world.start();
  for (const service of ["api", "web"]) {
    const client = await connectRaw(world.url, service);
    await client.hello({ "service.name": service }, { kind: "node" });
    client.log(`hello from ${service}`);
    await client.close();
    await world.until("its spool", () => world.spool(`node:${service}`).includes("hello") || undefined);
  }
  const bin = join(world.dir, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "devmux"), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(join(bin, "devmux"), 0o755);
  env = { ...world.env, PATH: `${bin}:${process.env.PATH}` };
});
afterAll(() => world?.[Symbol.asyncDispose]());

async function complete(...words: string[]): Promise<string[]> {
  const { stdout } = await world.devmux("complete", "--", ...words);
  return stdout.split("\n").flatMap((line) => line.split("\t")[0] || []);
}

test("commands, options, their values, streams, services of this moment", async () => {
  expect(await complete("")).toEqual(expect.arrayContaining(["telemetry", "attach", "tail", "streams", "completion"]));
  expect(await complete("")).not.toContain("complete");
  expect(await complete("te")).toEqual(["telemetry"]);
  expect(await complete("telemetry", "st")).toEqual(
    ["start", "stop", "status"].sort((a, b) => a.localeCompare(b)).sort(),
  );
  expect(await complete("attach", "")).toEqual(["node:api", "node:web"].sort());
  expect(await complete("attach", "node:w")).toEqual(["node:web"]);
  expect(await complete("attach", "node:web", "")).toEqual([]);
  expect(await complete("tail", "node:web", "node:a")).toEqual(["node:api"]);
  expect(await complete("tail", "--se")).toEqual(["--severity"]);
  expect(await complete("tail", "--severity", "e")).toEqual(["error"]);
  expect(await complete("tail", "--since", "")).toEqual([]);
  expect(await complete("completion", "")).toEqual(["bash", "zsh", "fish"]);
  expect(await complete("nonsense", "")).toEqual([]);
});

test("a script for each shell, and a refusal that names them", async () => {
  const { code, stderr } = await world.devmux("completion", "tcsh");
  expect([code, stderr]).toEqual([2, expect.stringContaining('expected bash, zsh, fish, got "tcsh"')]);
  expect((await world.devmux("completion")).code).toBe(2);
});

const has = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

describe("in the shell", () => {
  test("bash, which splits words at colons", () => {
    const script = `
      source <(devmux completion bash)
      try() {
        COMP_LINE="$1" COMP_POINT=\${#1} COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
        COMPREPLY=()
        _devmux
        printf '%s|' "\${COMPREPLY[@]}"
        echo
      }
      try "devmux te"
      try "devmux attach node:a"
      try "devmux attach node:"
      try "devmux tail --severity e"
      try "devmux attach zzz"
      complete -p devmux`;
    const out = execFileSync("bash", ["--noprofile", "--norc", "-c", script], { env, encoding: "utf8" });
    expect(out.split("\n").slice(0, 5)).toEqual(["telemetry|", "api|", "api|web|", "error|", "|"]);
    expect(out).toContain("-F _devmux devmux");
  });

  test.runIf(has("zsh"))("zsh", () => {
    const script = `
      autoload -U compinit && compinit -u -D
      _describe() { print -rl -- "\${(@P)2}" }
      source <(devmux completion zsh)
      CURRENT=3 PREFIX=node:a words=(devmux attach node:a); _devmux
      CURRENT=2 PREFIX=te words=(devmux te); _devmux
      print -- $_comps[devmux]`;
    const out = execFileSync("zsh", ["-f", "-c", script], { env, encoding: "utf8" });
    expect(out.trim().split("\n")).toEqual(["node\\:api:", expect.stringMatching(/^telemetry:./), "_devmux"]);
  });

  test.runIf(has("fish"))("fish", () => {
    const script = `
      devmux completion fish | source
      complete -C 'devmux attach node:a'
      complete -C 'devmux te'`;
    const out = execFileSync("fish", ["--no-config", "-c", script], { env, encoding: "utf8" });
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => line.split("\t")[0]),
    ).toEqual(["node:api", "telemetry"]);
  });
});
