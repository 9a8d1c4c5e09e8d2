// Certificates for tests over real sockets: an authority, what it signs, and all of it as files.

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** `signer`: who signed it; without one it signs itself and may sign others. For 127.0.0.1, localhost and its own name. */
export async function makeCertificate(name: string, signer?: Certificate): Promise<Certificate> {
  // Of the tests alone, so nobody who uses this package needs it.
  const { generate } = await import("selfsigned");
  const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: signer === undefined, critical: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 7, ip: "127.0.0.1" },
          { type: 2, value: "localhost" },
          { type: 2, value: name },
        ],
      },
    ],
    ...(signer === undefined ? {} : { ca: signer }),
  });
  return { cert, key };
}

/** Writes `<name>.crt` and `<name>.key` for each; the directory. */
export async function writeCertificates(certificates: Readonly<Record<string, Certificate>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "devmux-tls-"));
  for (const [name, { cert, key }] of Object.entries(certificates)) {
    await writeFile(join(directory, `${name}.crt`), cert);
    await writeFile(join(directory, `${name}.key`), key, { mode: 0o600 });
  }
  return directory;
}
