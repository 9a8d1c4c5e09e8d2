// The directory of a storage and the disk that it is on: made private, refused where it is on a network, with room left for others.

import { chmod, mkdir, statfs } from "node:fs/promises";

/** File systems over a network, by statfs(2)'s magic numbers: two machines could write, and a sync may not be one. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x5346414f, "AFS"],
  [0x73757245, "Coda"],
  [0x00c36400, "Ceph"],
]);

/** Throws an Error that says what to do. */
export async function preparePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  } catch (error) {
    throw new Error(
      `cannot use ${path}: ${(error as Error).message}; name another place as directory of the storage, or \`storage: none\` in the exporter's sending_queue`,
      { cause: error },
    );
  }
}

/** Numbers of file systems are Linux's; elsewhere nothing is known. */
export async function refuseNetwork(path: string): Promise<void> {
  if (process.platform !== "linux") return;
  const { type } = await statfs(path);
  const name = networkFileSystems.get(type >>> 0);
  if (name === undefined) return;
  throw new Error(`${path} is on a network (${name}); name a directory of a local disk as directory of the storage`);
}

export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

export interface Room {
  /** Throws an Error with the code ENOSPC where `bytes` more would leave less than the minimum. */
  demand(bytes: number): Promise<void>;
}

/** Asks the disk now and then: between, what has been granted is counted. */
export function createRoom(path: string, minFreeBytes: number): Room {
  let known = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    async demand(bytes) {
      if (performance.now() - askedAt > 250 || known - bytes < minFreeBytes) {
        known = await freeBytes(path);
        askedAt = performance.now();
      }
      known -= bytes;
      if (known >= minFreeBytes) return;
      const mebibytes = (count: number) => Math.max(0, Math.floor(count / 1024 / 1024));
      throw Object.assign(
        new Error(
          `no space: ${mebibytes(known + bytes)} MiB are left on the disk of ${path}, and min_free_space is ${mebibytes(minFreeBytes)} MiB`,
        ),
        { code: "ENOSPC" },
      );
    },
  };
}
