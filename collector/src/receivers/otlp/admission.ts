// Who may send: whom the authenticator of the configuration lets in, else this machine, and the network with the collector's token.

import { authenticatorOf, type Host } from "../../component/index.ts";
import { bearerToken } from "../../http/admission.ts";

export interface Sender {
  readonly remoteAddress: string;
  /** The value of a header, or of metadata; the name in lower case. */
  header(name: string): string | undefined;
}

/** Why not, in a sentence for the sender; undefined where it may. Throws where the authenticator does not run. */
export function refusalOf(
  { remoteAddress, header }: Sender,
  authenticator: string | undefined,
  host: Host,
): string | undefined {
  if (authenticator !== undefined) return authenticatorOf(host, authenticator).refuse(header);
  return host.admits({ remoteAddress, token: bearerToken(header("authorization")) })
    ? undefined
    : "Authorization: expected Bearer <the collector's telemetry.token>";
}
