// Which addresses are this machine's own.

import { isIP } from "node:net";
import { networkInterfaces } from "node:os";

/** Interfaces come and go (Wi-Fi, VPN); asking for them costs about 0.1 ms, so not for each request. */
const interfacesKeptMs = 5_000;

export interface OwnAddresses {
  /** An IP literal, without brackets, of one of this machine's interfaces. */
  has(ip: string): boolean;
  /** The addresses that another device on the network can use, IPv4 first. */
  external(): readonly string[];
}

export function createOwnAddresses(
  read: typeof networkInterfaces = networkInterfaces,
  now: () => number = Date.now,
): OwnAddresses {
  let readAt = Number.NEGATIVE_INFINITY;
  let all = new Set<string>();
  let external: string[] = [];

  function refresh(): void {
    if (now() - readAt < interfacesKeptMs) return;
    readAt = now();
    const infos = Object.values(read()).flatMap((list) => list ?? []);
    all = new Set(infos.map(({ address }) => address));
    const reachable = infos.filter(({ internal, address }) => !internal && !address.startsWith("fe80:"));
    external = reachable.sort((a, b) => a.family.localeCompare(b.family)).map(({ address }) => address);
  }

  return {
    has(ip) {
      refresh();
      return all.has(ip);
    },
    external() {
      refresh();
      return external;
    },
  };
}

/** An IP literal of 127.0.0.0/8, ::1, or the IPv4 ones in IPv6 clothes. */
export function isLoopback(ip: string): boolean {
  const plain = ip.toLowerCase().startsWith("::ffff:") ? ip.slice(7) : ip;
  return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}

/**
 * Whether the other end of a connection is on this machine: it came over the loopback, or from the very address that it came
 * to. No other machine can hold a TCP connection under our own address.
 */
export function isThisMachine({ remoteAddress, localAddress }: Peers): boolean {
  if (remoteAddress === undefined) return false;
  return isLoopback(remoteAddress) || remoteAddress === localAddress;
}

/** The ends of a socket; `net.Socket` has them. */
export interface Peers {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
}

/** Every spelling of "all interfaces" that a bind accepts. */
export function isWildcard(host: string): boolean {
  const plain = host
    .trim()
    .replace(/^\[|\]$/g, "")
    .toLowerCase();
  return (
    plain === "" ||
    plain === "0.0.0.0" ||
    plain === "::" ||
    plain === "::0" ||
    plain === "0" ||
    /^0x0+$/.test(plain) ||
    plain === "::ffff:0.0.0.0"
  );
}
