// Under which URLs a collector can be reached.

import { networkInterfaces } from "node:os";
import { isWildcard } from "@chriscode/devmux-telemetry-server/config";

/** What a client on this machine connects to. */
export function clientUrl(host: string, port: number): string {
  const reachable = isWildcard(host) ? (host.includes(":") ? "::1" : "127.0.0.1") : host;
  return `ws://${bracket(reachable)}:${port}`;
}

/** What a phone on the same network connects to, IPv4 first; none where this machine has no network. */
export function networkUrls(
  port: number,
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string[] {
  const addresses = Object.values(interfaces).flatMap((list) => list ?? []);
  return addresses
    .filter(({ internal, address }) => !internal && !address.startsWith("fe80:"))
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => `ws://${bracket(address)}:${port}`);
}

function bracket(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
