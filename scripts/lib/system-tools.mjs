// Brings what the tests need from the system: tmux and Chromium, by the system's package manager where that may be used;
// and Firefox where it is to be had.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { findProgram, run, say } from "./workspace.mjs";

const macChromes = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const macFirefox = "/Applications/Firefox.app/Contents/MacOS/firefox";

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

/** Also the user's own choice, in DEVMUX_FIREFOX. */
export function findFirefox() {
  const { DEVMUX_FIREFOX: chosen } = process.env;
  if (chosen) return existsSync(chosen) ? chosen : undefined;
  return findProgram("firefox-esr", "firefox") ?? [macFirefox].find((path) => existsSync(path));
}

/** Resolves to undefined when all is there, else to one line that says what to install. */
export async function bringSystemTools({ isRoot = process.getuid?.() === 0 } = {}) {
  const find = () => tools.filter((tool) => tool.find() === undefined);
  const missing = find();
  if (missing.length > 0) {
    say(`bringing ${missing.map(({ name }) => name).join(" and ")}, which the tests need`);
    if (findProgram("apt-get")) {
      await updateApt(isRoot);
      await apt(isRoot, "-y", "--no-install-recommends", "install", ...missing.map((tool) => tool.apt));
    } else if (findProgram("brew")) for (const { brew } of missing) await run("brew", ["install", ...brew]);
  }
  const left = find();
  if (left.length > 0) return instruction(left);
  if (findFirefox() === undefined) await bringFirefox(isRoot, missing.length > 0);
  return undefined;
}

/**
 * What is shown in Firefox is shown in Chromium too, so a machine can do without, and on one that somebody uses it is not
 * installed: only root gets it, which is a container's.
 */
async function bringFirefox(isRoot, isUpdated) {
  if (isRoot && findProgram("apt-get")) {
    say("bringing Firefox, in which the client is tested too");
    if (!isUpdated) await updateApt(isRoot);
    await apt(isRoot, "-y", "--no-install-recommends", "install", "firefox-esr");
  }
  if (findFirefox() === undefined) say("there is no Firefox here: the tests of the client in it are skipped");
}

/**
 * An old list of packages names versions that the mirror has no more. A failed update is no reason to give up: some
 * repository of the user's may be down, and the packages still be there.
 */
async function updateApt(isRoot) {
  await apt(isRoot, "update");
}

/** Does nothing where it may not. */
async function apt(isRoot, ...args) {
  const sudo = !isRoot && findProgram("sudo") && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  if (!isRoot && !sudo) return;
  const options = ["-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120", "-qq"];
  const command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...options, ...args];
  if (isRoot) await run(command[0], command.slice(1));
  else await run("sudo", ["-n", ...command]);
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
