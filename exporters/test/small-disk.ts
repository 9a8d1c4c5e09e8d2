// A file system that is soon full. Only root on Linux may mount one; `canMount` says whether this is so.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface SmallDisk {
  readonly directory: string;
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives the room back that `fill` took. */
  free(): void;
}

export const canMount: boolean = mountable();

export function smallDisk(bytes: number): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), "devmux-small-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes},mode=0700`, "tmpfs", directory]);
  onTestFinished(() => unmount(directory));
  const ballast = join(directory, "ballast");
  return {
    directory,
    fill() {
      for (let chunk = 65_536; chunk >= 1; chunk = Math.floor(chunk / 16)) {
        try {
          for (;;) writeFileSync(ballast, Buffer.alloc(chunk), { flag: "a" });
        } catch {
          // Full for pieces of this size.
        }
      }
    },
    free: () => rmSync(ballast, { force: true }),
  };
}

function unmount(directory: string): void {
  // Lazily: what a test holds open must not fail it twice.
  execFileSync("umount", ["-l", directory]);
  rmdirSync(directory);
}

function mountable(): boolean {
  if (process.platform !== "linux" || process.geteuid?.() !== 0) return false;
  const directory = mkdtempSync(join(tmpdir(), "devmux-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory], { stdio: "ignore" });
    unmount(directory);
    return true;
  } catch {
    rmdirSync(directory);
    return false;
  }
}
