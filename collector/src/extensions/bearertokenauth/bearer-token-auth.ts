// A secret that senders name, and that is sent: from the configuration, or from a file that may change.

import { readFileSync, statSync } from "node:fs";
import type { Authenticator, Settings } from "../../component/index.ts";
import { createSecretCheck } from "../../http/admission.ts";
import type { BearerTokenConfig } from "./config.ts";

/** Between two looks at the file: a token that has been taken back is good for no longer. */
const lookMs = 1_000;

type Check = (given: string | undefined) => boolean;

export function createBearerTokenAuth(settings: Settings, config: BearerTokenConfig): Authenticator {
  const { header, scheme, filename } = config;
  const expected = `${header}: expected ${scheme === "" ? "" : `${scheme} `}<a token of ${settings.id}>`;
  let tokens = config.tokens;
  let checks = tokens.map(createSecretCheck);
  let lookedAt = Number.NEGATIVE_INFINITY;
  let version = "";

  function read(path: string): void {
    const found = readFileSync(path, "utf8")
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "");
    if (found.length === 0) throw new Error("there is no token in it");
    tokens = found;
    checks = found.map(createSecretCheck);
  }

  /** A file that cannot be read leaves the tokens as they were: who replaces it may be in the middle of that. */
  function refresh(path: string): void {
    if (performance.now() - lookedAt < lookMs) return;
    lookedAt = performance.now();
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const now = `${mtimeMs} ${size} ${ino}`;
      if (now === version) return;
      read(path);
      version = now;
      settings.health("ok");
    } catch (error) {
      settings.health("degraded", `${path} cannot be read: ${(error as Error).message}; the tokens stay as they were`);
    }
  }

  /** All are compared, so that the time it takes does not tell which. */
  function isKnown(given: string | undefined): boolean {
    return checks.map((check: Check) => check(given)).includes(true);
  }

  return {
    async start() {
      if (filename === undefined) return;
      try {
        read(filename);
      } catch (error) {
        throw new Error(
          `filename: ${filename} cannot be read: ${(error as Error).message}; put one token a line into it`,
        );
      }
    },
    refuse(headerOf) {
      if (filename !== undefined) refresh(filename);
      return isKnown(tokenIn(headerOf(header), scheme)) ? undefined : expected;
    },
    headers() {
      if (filename !== undefined) refresh(filename);
      return { [header]: scheme === "" ? tokens[0]! : `${scheme} ${tokens[0]}` };
    },
  };
}

/** A scheme is the same in any case (RFC 9110, section 11.1). */
function tokenIn(value: string | undefined, scheme: string): string | undefined {
  if (value === undefined || scheme === "") return value;
  const begins = value.slice(0, scheme.length + 1).toLowerCase() === `${scheme.toLowerCase()} `;
  return begins ? value.slice(scheme.length + 1).trim() : undefined;
}
