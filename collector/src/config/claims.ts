// Ports and paths that two components would serve: found before the first of them is bound.

import { isDeepStrictEqual } from "node:util";
import type { ListenAddress } from "../component/component.ts";
import type { Claim } from "../component/factory.ts";
import { isWildcard } from "../http/addresses.ts";
import type { Blueprint, Planned } from "./blueprint.ts";
import { joinPath, type Problem } from "./problems.ts";

interface Claimed extends Claim {
  /** Where it stands in the user's file. */
  readonly path: string;
}

type Checked = Omit<Blueprint, "factories">;

/** Adds what is claimed twice by components that will be built. An optional port gives way, so it is no problem. */
export function checkClaims(blueprint: Checked, own: ListenAddress, basePath: string, problems: Problem[]): void {
  const claimed: Claimed[] = [];
  for (const claim of claimsOf(blueprint, own, basePath)) {
    for (const other of claimed) {
      const message = conflict(claim, other);
      if (message !== undefined) problems.push({ path: claim.path, message });
    }
    claimed.push(claim);
  }
}

function claimsOf(blueprint: Checked, own: ListenAddress, basePath: string): Claimed[] {
  const used = new Set(blueprint.pipelines.flatMap(({ receivers, exporters }) => [...receivers, ...exporters]));
  const sections = [
    ["receivers", blueprint.receivers, used],
    ["exporters", blueprint.exporters, used],
    ["extensions", blueprint.extensions, new Set(blueprint.serviceExtensions)],
  ] as const;
  const ofComponents = sections.flatMap(([section, plans, built]) =>
    [...plans.values()].filter(({ id }) => built.has(id)).flatMap((plan) => claimsOfOne(plan, section, own, basePath)),
  );
  return [{ option: "port", path: "telemetry.port", address: own, routes: ownRoutes }, ...ofComponents];
}

function claimsOfOne(
  { id, factory, config }: Planned<Claiming>,
  section: string,
  own: ListenAddress,
  basePath: string,
) {
  const claims = factory.claims?.(config, own) ?? [];
  return claims.map((claim) => ({ ...claim, path: joinPath(basePath, [section, id, claim.option]) }));
}

/** What the collector itself serves on its port; src/api. */
const ownRoutes: readonly string[] = ["/api/status", "/api/doctor", "/api/reload", "/api/stop", "/metrics"];

interface Claiming {
  claims?(config: unknown, own: ListenAddress): readonly Claim[];
}

function conflict(claim: Claimed, other: Claimed): string | undefined {
  const { host, port, optional } = claim.address;
  if (port === 0 || port !== other.address.port || !overlap(host, other.address.host)) {
    // Port 0 of the collector itself is one listener, whoever names it.
    if (!(port === 0 && claim.address === other.address)) return undefined;
  }
  const sameTls = isDeepStrictEqual(claim.address.tls, other.address.tls);
  if (!sameTls && optional !== true && other.address.optional !== true)
    return `port ${port} on ${host} is claimed by ${other.path} with other TLS; give one of them another port`;
  if (host === other.address.host && claim.routes !== undefined && other.routes !== undefined) {
    const twice = claim.routes.find((route) => other.routes!.includes(route));
    if (twice === undefined) return undefined;
    return `${twice} on ${host}:${port} is served by ${other.path} too; give one of them another path or address`;
  }
  if (optional === true || other.address.optional === true) return undefined;
  return `port ${port} on ${host} is claimed by ${other.path} too; give one of them another port`;
}

/** Whether a port of one is a port of the other. */
function overlap(a: string, b: string): boolean {
  return plain(a) === plain(b) || isWildcard(a) || isWildcard(b);
}

function plain(host: string): string {
  return host === "localhost" ? "127.0.0.1" : host;
}
