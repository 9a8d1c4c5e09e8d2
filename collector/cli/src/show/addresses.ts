// Under which URLs a collector can be reached.

import { createOwnAddresses, isWildcard } from "@chriscode/devmux-telemetry-server/addresses";

/** What a client on this machine connects to. */
export function clientUrl(host: string, port: number): string {
  const reachable = isWildcard(host) ? (host.includes(":") ? "::1" : "127.0.0.1") : host;
  return webSocketUrl(reachable, port);
}

/** A machine with containers has dozens of networks; the first are the real ones. */
const maxShown = 4;

/** What a phone on the same network connects to, IPv4 first; none where this machine has no network. */
export function networkUrls(
  port: number,
  own: Pick<ReturnType<typeof createOwnAddresses>, "external"> = createOwnAddresses(),
): string[] {
  return own
    .external()
    .slice(0, maxShown)
    .map((address) => webSocketUrl(address, port));
}

function webSocketUrl(address: string, port: number): string {
  return `ws://${address.includes(":") ? `[${address}]` : address}:${port}`;
}
