// Secrets that a client names: compared so that the time it takes tells nothing.

import { createHash, timingSafeEqual } from "node:crypto";
import type { Host } from "../component/index.ts";
import { isLoopback } from "./addresses.ts";

/** This machine's own programs may always send; the network may where no token is set, or with it. */
export function createAdmission(clientToken: string | undefined): Host["admits"] {
  const matches = clientToken === undefined ? () => true : createSecretCheck(clientToken);
  return ({ remoteAddress, token }) => isLoopback(remoteAddress) || matches(token);
}

/** Digests have one length whatever was sent. */
export function createSecretCheck(secret: string): (given: string | undefined) => boolean {
  const expected = digest(secret);
  return (given) => timingSafeEqual(digest(given ?? ""), expected);
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
