// What each component may ask of the collector: the same for all, but for what it has claimed, which is given up with it.

import type { Host } from "../component/index.ts";
import { type AccessRules, isOwnHost } from "../http/access.ts";
import type { Listeners } from "../http/listeners.ts";

type Claiming = "listening" | "isOwnAddress" | "allowOrigins" | "listener";

export interface Hosts {
  of(owner: object): Host;
  /** Its routes, its ports and the origins that it let in. */
  release(owner: object): void;
}

export interface HostsOptions {
  readonly common: Omit<Host, Claiming>;
  readonly listeners: Listeners;
  /** `allowedOrigins` changes with what the components ask for. */
  readonly rules: AccessRules & { readonly allowedOrigins: string[] };
}

interface Claims {
  readonly ports: Set<number>;
  readonly origins: string[];
}

export function createHosts({ common, listeners, rules }: HostsOptions): Hosts {
  const configured = [...rules.allowedOrigins];
  const claims = new Map<object, Claims>();

  function claimsOf(owner: object): Claims {
    const known = claims.get(owner);
    if (known) return known;
    const made = { ports: new Set<number>(), origins: [] };
    claims.set(owner, made);
    return made;
  }

  function refreshOrigins(): void {
    rules.allowedOrigins.splice(
      0,
      Number.POSITIVE_INFINITY,
      ...configured,
      ...[...claims.values()].flatMap(({ origins }) => origins),
    );
  }

  function isOwnAddress(hostname: string, port: number): boolean {
    const ours = listeners.ports().includes(port) || [...claims.values()].some(({ ports }) => ports.has(port));
    return ours && isOwnHost(hostname.replace(/^\[|\]$/g, ""), rules);
  }

  return {
    of: (owner) => ({
      ...common,
      isOwnAddress,
      listening: ({ port }) => void claimsOf(owner).ports.add(port),
      allowOrigins(origins) {
        claimsOf(owner).origins.push(...origins);
        refreshOrigins();
      },
      listener: (address) => listeners.mount(address, owner),
    }),
    release(owner) {
      listeners.release(owner);
      claims.delete(owner);
      refreshOrigins();
    },
  };
}
