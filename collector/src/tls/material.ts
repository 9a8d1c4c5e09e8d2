// Certificates and keys as Node takes them, read from where the configuration says, and read again while they are in use.

import { readFileSync } from "node:fs";
import {
  createSecureContext,
  getCACertificates,
  rootCertificates,
  type SecureContextOptions,
  type TlsOptions,
} from "node:tls";
import type { Log } from "../component/component.ts";
import { type ClientTls, type Pem, type ServerTls, type TlsSettings, versionNames } from "./config.ts";

/** For `https.createServer` and `tls.createServer`. Throws an Error that names the option and the file. */
export function serverOptions(tls: ServerTls): TlsOptions {
  const clientCa = read(tls.clientCa);
  return {
    ...checked(tls, clientCa === undefined ? {} : { ca: clientCa }),
    requestCert: clientCa !== undefined,
    rejectUnauthorized: clientCa !== undefined,
    handshakeTimeout: handshakeTimeoutMs,
  };
}

/** A client that says nothing holds no connection for longer. */
const handshakeTimeoutMs = 10_000;

export interface ClientOptions extends SecureContextOptions {
  readonly rejectUnauthorized: boolean;
  readonly servername?: string;
}

/** For `https.Agent` and `tls.connect`. Throws an Error that names the option and the file. */
export function clientOptions(tls: ClientTls): ClientOptions {
  const given = read(tls.ca);
  const ca =
    given !== undefined && tls.systemCas ? [given, ...rootCertificates, ...getCACertificates("system")] : given;
  return {
    ...checked(tls, ca === undefined ? {} : { ca }),
    rejectUnauthorized: !tls.skipVerify,
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  };
}

/** Calls `changed` whenever what the files hold has changed. One that cannot be read leaves everything as it was, and says so. */
export function watchTls<Options extends object>(
  { reloadMs }: TlsSettings,
  load: () => Options,
  changed: (options: Options) => void,
  log: Log,
): () => void {
  if (reloadMs === 0) return () => {};
  let known = JSON.stringify(load());
  const timer = setInterval(() => {
    try {
      const options = load();
      const now = JSON.stringify(options);
      if (now === known) return;
      known = now;
      changed(options);
      log.info("the TLS certificates were read again");
    } catch (error) {
      log.warn(`the TLS certificates stay as they were: ${(error as Error).message}`);
    }
  }, reloadMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** What does not fit together is found now, and not with the first client. */
function checked(tls: TlsSettings, more: SecureContextOptions): SecureContextOptions {
  const [cert, key] = [read(tls.cert), read(tls.key)];
  const options: SecureContextOptions = {
    ...more,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    minVersion: versionNames[tls.minVersion],
    ...(tls.maxVersion === undefined ? {} : { maxVersion: versionNames[tls.maxVersion] }),
    ...(tls.curves.length === 0 ? {} : { ecdhCurve: tls.curves.join(":") }),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    const files = [tls.cert, tls.key].flatMap((pem) => pem?.file ?? []).join(" and ");
    throw new Error(`tls: ${files || "what is given"} cannot be used: ${(error as Error).message}`, { cause: error });
  }
  return options;
}

function read(pem: Pem | undefined): string | undefined {
  if (pem?.file === undefined) return pem?.text;
  let text: string;
  try {
    text = readFileSync(pem.file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`tls.${pem.option}: ${pem.file} cannot be read (${code}); name a PEM file`, { cause: error });
  }
  // Node takes an empty text for none, and a server without a certificate; it is also what a file begins as that is being replaced.
  if (!text.includes("-----BEGIN ")) throw new Error(`tls.${pem.option}: ${pem.file} holds no PEM`);
  return text;
}
