// Where an otlp receiver listens, for the check that nobody else does.

import type { Claim, ListenAddress } from "../../component/index.ts";
import { type OtlpReceiverConfig, ownPortDefaults } from "./config.ts";

export function otlpClaims({ ownPort, http, grpc }: OtlpReceiverConfig, own: ListenAddress): readonly Claim[] {
  const claims: Claim[] = [];
  if (ownPort)
    claims.push({ option: "own_port", address: own, routes: Object.values((http ?? ownPortDefaults()).paths) });
  const isOwn =
    ownPort && http?.address.host === own.host && http.address.port === own.port && http.address.tls === undefined;
  if (http !== undefined && !isOwn) {
    claims.push({ option: "protocols.http.endpoint", address: http.address, routes: Object.values(http.paths) });
  }
  if (grpc !== undefined) claims.push({ option: "protocols.grpc.endpoint", address: grpc.address });
  return claims;
}
