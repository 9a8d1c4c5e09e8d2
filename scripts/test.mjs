// `pnpm test`: brings what the tests need, builds, checks types and style, runs every test. The last line is the verdict.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bringSystemTools, findChromium, findFirefox } from "./lib/system-tools.mjs";
import { verdictOf } from "./lib/verdict.mjs";
import { bin, root, runNode, say, usePinnedNode } from "./lib/workspace.mjs";

await usePinnedNode();
const filters = process.argv.slice(2);
const total = { passed: 0, failed: 0 };

const instruction = await bringSystemTools();
if (instruction === undefined) await checkAll();
else {
  say(instruction);
  total.failed++;
}

process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed`);

async function checkAll() {
  const checks = [
    ["building", [join(root, "scripts", "build.mjs")]],
    ["checking the types of the tests", [bin("typescript", "bin/tsc"), "-p", "tsconfig.check.json"]],
    ["checking the types of the example page", [bin("typescript", "bin/tsc"), "-p", "examples/web"]],
    ["checking format and lint", [bin("@biomejs/biome", "bin/biome"), "check", "--error-on-warnings", "."]],
  ];
  for (const [what, args] of checks) {
    say(what);
    const ok = (await runNode(args)) === 0;
    count(ok ? 1 : 0, ok ? 0 : 1);
    // Tests of an old build would prove nothing.
    if (!ok && what === "building") return;
  }
  await runTests();
}

async function runTests() {
  say("running the tests");
  const directory = mkdtempSync(join(tmpdir(), "devmux-tests-"));
  const report = join(directory, "report.json");
  try {
    const args = [
      bin("vitest", "vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...filters,
    ];
    const code = await runNode(args, { env: testEnvironment() });
    const { passed, failed } = verdictOf(report, code);
    count(passed, failed);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Nothing of the user's own DevMux or tmux reaches a test. */
function testEnvironment() {
  const {
    DEVMUX_HOME: _home,
    DEVMUX_TMUX_SOCKET: _socket,
    TMUX: _tmux,
    TMUX_PANE: _pane,
    FORCE_COLOR: _colour,
    ...env
  } = process.env;
  return { ...env, DEVMUX_CHROMIUM: findChromium(), DEVMUX_FIREFOX: findFirefox() };
}

function count(passed, failed) {
  total.passed += passed;
  total.failed += failed;
}
