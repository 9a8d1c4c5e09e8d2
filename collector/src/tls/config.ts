// `tls` of a server and of a client: the OTel Collector's keys (config/configtls).

import { z } from "zod";
import { refused } from "../config/refused.ts";
import { duration } from "../config/units.ts";

/** A PEM text, or the file that it is read from. */
export interface Pem {
  readonly option: string;
  readonly file?: string;
  readonly text?: string;
}

export interface TlsSettings {
  readonly cert: Pem | undefined;
  readonly key: Pem | undefined;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion | undefined;
  /** OpenSSL's names, in the order of preference; empty: its own choice. */
  readonly curves: readonly string[];
  /** How often the files are looked at again; 0: never. */
  readonly reloadMs: number;
}

export interface ServerTls extends TlsSettings {
  /** Who signed the certificates that clients must show; undefined: they need none. */
  readonly clientCa: Pem | undefined;
}

export interface ClientTls extends TlsSettings {
  /** Nothing is encrypted, where the endpoint itself does not say so. */
  readonly insecure: boolean;
  readonly skipVerify: boolean;
  readonly serverName: string | undefined;
  readonly ca: Pem | undefined;
  /** Beside `ca`, the authorities that the operating system trusts. */
  readonly systemCas: boolean;
}

export type TlsVersion = keyof typeof versionNames;

/** Node's name of each. */
export const versionNames = { "1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3" } as const;
const curveNames = { X25519: "X25519", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" } as const;

/** In YAML `1.2` without quotes is a number. */
const version = () => z.preprocess((value) => (typeof value === "number" ? value.toFixed(1) : value), versionText);
const versionText = z.enum(["1.0", "1.1", "1.2", "1.3"]);

const common = {
  cert_file: z.string().optional(),
  cert_pem: z.string().optional(),
  key_file: z.string().optional(),
  key_pem: z.string().optional(),
  /** The Collector's; older ones are broken. */
  min_version: version().default("1.2"),
  max_version: version().optional(),
  curve_preferences: z.array(z.enum(["X25519", "P256", "P384", "P521"])).default([]),
  /** Never, as in the Collector: a file that is being replaced is not read half. */
  reload_interval: duration("0s"),
  cipher_suites: refused("the choice of ciphers is Node's, which knows the current safe ones; leave it out"),
  include_insecure_cipher_suites: refused("insecure ciphers are not offered; leave it out"),
  tpm: refused("keys of a TPM cannot be used; give key_file or key_pem"),
};

type Common = z.output<z.ZodObject<typeof common>>;

const serverSchema = z
  .strictObject({
    ...common,
    client_ca_file: z.string().optional(),
    client_ca_file_reload: z.boolean().default(false),
    ca_file: refused("a server's clients are checked by client_ca_file"),
    ca_pem: refused("a server's clients are checked by client_ca_file"),
  })
  .superRefine((config, context) => {
    checkPairs(config, context);
    if (config.cert_file === undefined && config.cert_pem === undefined)
      problem(
        context,
        "cert_file",
        "a server needs a certificate: give cert_file and key_file, or cert_pem and key_pem",
      );
  })
  .transform((config): ServerTls => {
    const { reloadMs, ...settings } = settingsOf(config);
    return {
      ...settings,
      clientCa: pem("client_ca_file", config.client_ca_file, undefined),
      reloadMs: reloadMs > 0 || !config.client_ca_file_reload ? reloadMs : clientCaReloadMs,
    };
  });

const clientSchema = z
  .strictObject({
    ...common,
    insecure: z.boolean().default(false),
    insecure_skip_verify: z.boolean().default(false),
    server_name_override: z.string().min(1).optional(),
    ca_file: z.string().optional(),
    ca_pem: z.string().optional(),
    include_system_ca_certs_pool: z.boolean().default(false),
  })
  .superRefine(checkPairs)
  .transform(
    (config): ClientTls => ({
      ...settingsOf(config),
      insecure: config.insecure,
      skipVerify: config.insecure_skip_verify,
      serverName: config.server_name_override,
      ca: pem("ca_file", config.ca_file, config.ca_pem),
      systemCas: config.include_system_ca_certs_pool,
    }),
  );

/** `client_ca_file_reload` names no interval. */
const clientCaReloadMs = 10_000;

/** `tls` of what listens. */
export function serverTls(): z.ZodType<ServerTls> {
  return serverSchema;
}

/** `tls` of what connects; without one, the defaults. */
export function clientTls(): z.ZodType<ClientTls> {
  return clientSchema.prefault({});
}

function settingsOf(config: Common): TlsSettings {
  return {
    cert: pem("cert_file", config.cert_file, config.cert_pem),
    key: pem("key_file", config.key_file, config.key_pem),
    minVersion: config.min_version,
    maxVersion: config.max_version,
    curves: config.curve_preferences.map((name) => curveNames[name]),
    reloadMs: config.reload_interval,
  };
}

function pem(option: string, file: string | undefined, text: string | undefined): Pem | undefined {
  if (file !== undefined) return { option, file };
  return text === undefined ? undefined : { option: option.replace("_file", "_pem"), text };
}

type Given = Readonly<Record<string, unknown>>;

function checkPairs(config: Given, context: z.core.$RefinementCtx): void {
  for (const name of ["cert", "key", "ca"]) {
    if (config[`${name}_file`] !== undefined && config[`${name}_pem`] !== undefined)
      problem(context, `${name}_pem`, `${name}_file is given too; leave one of them out`);
  }
  const has = (name: string) => config[`${name}_file`] !== undefined || config[`${name}_pem`] !== undefined;
  if (has("cert") !== has("key")) {
    const missing = has("cert") ? "key" : "cert";
    problem(context, `${missing}_file`, "a certificate and its key belong together; give this one too");
  }
  if (typeof config.max_version === "string" && config.max_version < String(config.min_version))
    problem(
      context,
      "max_version",
      `expected at least min_version, ${String(config.min_version)}, got ${config.max_version}`,
    );
}

function problem(context: z.core.$RefinementCtx, key: string, message: string): void {
  context.addIssue({ code: "custom", path: [key], message });
}
