// An extension that knows who may send, for `auth.authenticator` of a receiver, and who we are, for that of an exporter. Its
// factory says `provides: "authenticator"`.

import type { Extension, Host } from "./component.ts";

export interface Authenticator extends Extension {
  /** Why the sender of these headers is not let in, in a sentence for it; undefined where it is. */
  refuse(header: (name: string) => string | undefined): string | undefined;
  /** What a request carries so that its receiver lets it in: header names in lower case. */
  headers(): Readonly<Record<string, string>>;
}

/** Asked for each time it is used: a reload may have put another one in its place. Throws where it does not run. */
export function authenticatorOf(host: Host, id: string): Authenticator {
  const found = host.extension(id) as Partial<Authenticator> | undefined;
  if (found?.refuse === undefined || found.headers === undefined)
    throw new Error(`auth.authenticator: "${id}" is no authenticator that runs; name it in service.extensions`);
  return found as Authenticator;
}
