// Who may use the relay: pages of the dev server itself. A page of another origin could otherwise write into the developer's
// streams, and a name that was made to point here (DNS rebinding) would make a foreign page look like ours.

import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";

export interface HostRules {
  /** Vite's `server.allowedHosts`, resolved; `true` allows every name. A leading dot allows what ends so. */
  readonly allowedHosts: true | readonly string[];
}

/** Why a request is refused; undefined where it is not. */
export function refusalOf(headers: IncomingHttpHeaders, rules: HostRules): string | undefined {
  const { host, origin } = headers;
  if (host === undefined || !isAllowedHost(host, rules)) return "this Host is not allowed; see server.allowedHosts";
  const url = origin !== undefined && URL.canParse(origin) ? new URL(origin) : undefined;
  // A browser always says where a WebSocket or a post comes from. The scheme is left open: who ends TLS may stand before us.
  const isSame =
    url !== undefined && /^https?:$/.test(url.protocol) && url.origin === origin && url.host === hostOf(host, url);
  return isSame ? undefined : "expected the Origin of this very server";
}

/** As an URL writes it: in lower case, without the scheme's own port. */
function hostOf(host: string, { protocol }: URL): string | undefined {
  const text = `${protocol}//${host}`;
  return URL.canParse(text) ? new URL(text).host : undefined;
}

/** The dev server's own rule, which it applies to requests and not to upgrades of plugins. */
function isAllowedHost(host: string, { allowedHosts }: HostRules): boolean {
  const name = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(host);
  if (name === null) return false;
  const text = (name[1] ?? name[2] ?? "").toLowerCase();
  if (isIP(text) !== 0 || text === "localhost" || text.endsWith(".localhost") || allowedHosts === true) return true;
  return allowedHosts.some((allowed) =>
    allowed.startsWith(".") ? text === allowed.slice(1) || text.endsWith(allowed) : text === allowed,
  );
}
