// Which URLs records may be sent to. Endpoints come from the user's configuration only, never from telemetry.

import { isIP } from "node:net";

/** What is wrong with an endpoint, or undefined. */
export function endpointProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return `expected a URL such as http://localhost:4318, got ${JSON.stringify(text)}`;
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return `expected http:// or https://, got ${url.protocol}//`;
  if (url.username !== "" || url.password !== "")
    return "expected no user in the URL; put an authorization into headers";
  if (isLinkLocal(url.hostname))
    return `${url.hostname} is a link-local address (cloud metadata lives there); expected a backend`;
  return undefined;
}

/** 169.254.0.0/16 and fe80::/10 (statement S19). `URL` has brought every spelling into one form. */
function isLinkLocal(hostname: string): boolean {
  const ip = hostname.replace(/^\[|\]$/g, "");
  if (isIP(ip) === 4) return ip.startsWith("169.254.");
  return isIP(ip) === 6 && /^(fe[89ab][0-9a-f]:|::ffff:a9fe:)/i.test(ip);
}
