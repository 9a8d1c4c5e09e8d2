// Brings what the tests need from the system: tmux and Chromium, by the system's package manager where that may be used.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { findProgram, run, say } from "./workspace.mjs";

const macChromes = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const tools = [
  { name: "tmux", apt: "tmux", brew: ["tmux"], find: () => findProgram("tmux") },
  { name: "Chromium", apt: "chromium", brew: ["--cask", "chromium"], find: findChromium },
];

/** Also the user's own choice, in DEVMUX_CHROMIUM. */
export function findChromium() {
  const { DEVMUX_CHROMIUM: chosen } = process.env;
  if (chosen) return existsSync(chosen) ? chosen : undefined;
  return (
    findProgram("chromium", "chromium-browser", "google-chrome", "google-chrome-stable") ??
    macChromes.find((path) => existsSync(path))
  );
}

/** Resolves to undefined when all is there, else to one line that says what to install. */
export async function bringSystemTools({ isRoot = process.getuid?.() === 0 } = {}) {
  let missing = tools.filter(({ find }) => find() === undefined);
  if (missing.length === 0) return undefined;
  say(`bringing ${missing.map(({ name }) => name).join(" and ")}, which the tests need`);
  if (findProgram("apt-get"))
    await byApt(
      missing.map(({ apt }) => apt),
      isRoot,
    );
  else if (findProgram("brew")) for (const { brew } of missing) await run("brew", ["install", ...brew]);
  missing = tools.filter(({ find }) => find() === undefined);
  return missing.length === 0 ? undefined : instruction(missing);
}

async function byApt(packages, root) {
  const sudo = !root && findProgram("sudo") && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  if (!root && !sudo) return;
  const apt = (...args) => {
    const command = [
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      "apt-get",
      "-o",
      "Acquire::Retries=3",
      "-o",
      "DPkg::Lock::Timeout=120",
      ...args,
    ];
    return root ? run(command[0], command.slice(1)) : run("sudo", ["-n", ...command]);
  };
  // An old list of packages names versions that the mirror has no more. A failed update is no reason to give up: some
  // repository of the user's may be down, and the packages still be there.
  await apt("-qq", "update");
  await apt("-qq", "-y", "--no-install-recommends", "install", ...packages);
}

function instruction(missing) {
  const names = missing.map(({ name }) => name).join(" and ");
  const packages = missing.map(({ apt }) => apt).join(" ");
  if (process.platform === "darwin")
    return `The tests need ${names}; install: ${missing.map(({ brew }) => `brew install ${brew.join(" ")}`).join(" && ")}`;
  if (findProgram("apt-get"))
    return `The tests need ${names}; install: sudo apt-get update && sudo apt-get install -y ${packages}`;
  return `The tests need ${names}; install the packages ${packages} with your system's package manager`;
}
