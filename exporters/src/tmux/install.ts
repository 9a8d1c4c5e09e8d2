// How tmux is installed on this machine.

import { existsSync } from "node:fs";

const managers: readonly (readonly [program: string, command: string])[] = [
  ["/usr/bin/apt-get", "sudo apt-get install tmux"],
  ["/usr/bin/dnf", "sudo dnf install tmux"],
  ["/usr/bin/pacman", "sudo pacman -S tmux"],
  ["/usr/bin/zypper", "sudo zypper install tmux"],
  ["/sbin/apk", "sudo apk add tmux"],
];

export function installCommand(
  platform: NodeJS.Platform = process.platform,
  exists: (path: string) => boolean = existsSync,
): string {
  if (platform === "darwin") return "brew install tmux";
  if (platform === "win32") return "wsl --install (tmux runs in WSL only)";
  return managers.find(([program]) => exists(program))?.[1] ?? "your package manager's command to install tmux";
}
