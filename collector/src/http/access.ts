// Who may talk to a listener: one decision over Host, Origin and the peer's address, for requests and upgrades alike.
//
// A page on the internet can make a browser send requests here, so a browser's Origin must be this machine's or allowed by
// name; a name that resolves here without being ours (DNS rebinding) shows in the Host header.

import { isLoopback, type OwnAddresses } from "./addresses.ts";

export interface AccessRules {
  /** Exact origins beyond this machine's own, e.g. `https://app.example.dev`. */
  readonly allowedOrigins: readonly string[];
  /** Host names beyond localhost and this machine's addresses, without port. */
  readonly allowedHosts: readonly string[];
  readonly own: OwnAddresses;
}

export interface AccessRequest {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

export type Access =
  | { readonly ok: true }
  | { readonly ok: false; readonly status: 400 | 403; readonly message: string };

const granted: Access = { ok: true };
/** No real host or origin is longer. */
const maxHeaderLength = 512;

export function checkAccess(request: AccessRequest, rules: AccessRules): Access {
  const host = parseHost(request.host);
  if (host === undefined) return refuse(400, `Host header: expected host or host:port, got ${quote(request.host)}`);
  if (!isOwnHost(host, rules)) {
    return refuse(
      403,
      `Host ${quote(host)} is not this machine; expected localhost, one of its addresses or a name in allowed_hosts`,
    );
  }
  if (request.origin === undefined) return granted;
  if (isAllowedOrigin(request.origin, rules)) return granted;
  return refuse(
    403,
    `Origin ${quote(request.origin)} is not allowed; a page of this machine may connect, others after "allowed_origins": [${quote(request.origin)}]`,
  );
}

/** A page served by this machine, or named in the configuration. Compared as parsed, never by prefix. */
export function isAllowedOrigin(origin: string, rules: AccessRules): boolean {
  if (origin.length > maxHeaderLength) return false;
  if (rules.allowedOrigins.includes(origin)) return true;
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  // `URL.origin` of what was sent must be what was sent: no path, no user, no missing port after the colon.
  if (url === undefined || url.origin !== origin || (url.protocol !== "http:" && url.protocol !== "https:"))
    return false;
  const name = url.hostname.replace(/^\[|\]$/g, "");
  return isLocalName(name) || isLoopback(name) || rules.own.has(name);
}

/** A host name, or an IP literal without brackets, that is this machine's. */
export function isOwnHost(name: string, rules: AccessRules): boolean {
  return isLocalName(name) || isLoopback(name) || rules.own.has(name) || rules.allowedHosts.includes(name);
}

function isLocalName(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost");
}

/** The host's name in lower case without port and brackets; undefined where the header is malformed or missing. */
function parseHost(header: string | undefined): string | undefined {
  if (header === undefined || header.length > maxHeaderLength) return undefined;
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([a-zA-Z0-9._-]+))(?::(\d{1,5}))?$/.exec(header);
  if (!match || Number(match[3] ?? 0) > 65_535) return undefined;
  return (match[1] ?? match[2]!).toLowerCase();
}

function refuse(status: 400 | 403, message: string): Access {
  return { ok: false, status, message };
}

/** For a message: quoted, short, without control characters (JSON escapes those below 0x20; the rest is not in a header). */
function quote(text: string | undefined): string {
  return text === undefined ? "nothing" : JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
