// Secrets that are known by what stands around them: private keys, credentials in URLs and headers.

import { anyCase, byPattern, firstOf, type Rule, word } from "./rule.ts";

/** How far a URL's credentials are looked for; a longer password would be a token, which has a rule of its own. */
const maxUserInfo = 512;

/** Whether there is a `:` and then a `@` before what ends a URL's authority. */
function hasPassword(bytes: Uint8Array, at: number, end: number): boolean {
  const last = Math.min(end, at + 3 + maxUserInfo);
  let colon = false;
  for (let i = at + 3; i < last; i++) {
    const byte = bytes[i]!;
    if (byte === 0x40) {
      if (colon) return true;
    } else if (byte === 0x3a) colon = true;
    else if (byte <= 0x20 || byte === 0x2f || byte === 0x22 || byte === 0x3f || byte === 0x23) return false;
  }
  return false;
}

/** What stands for a password in examples and templates, or hides one already. */
const placeholder = /^(?:\*+|x{3,}|\.{3,}|…|<[^>]*>|\$?\{.*\}|\$[A-Z_]+|%s|\[redacted:.*)$/;

/** `user:password` in base64; what is no such thing ("Basic usage") has no colon in it. */
function isBasicCredentials(secret: string): boolean {
  const decoded = Buffer.from(secret, "base64").toString("latin1");
  return decoded.indexOf(":") >= 0 && /^[\x20-\x7e\x80-\xff]+$/.test(decoded);
}

/** A token is long, or has a digit in it; the words of a sentence ("bearer of news") are neither. */
function isToken(secret: string): boolean {
  const letters = /[a-z]/.test(secret) && /[A-Z]/.test(secret);
  return /\d/.test(secret) || (secret.length >= 20 && letters) || secret.length >= 32;
}

const isNew = (secret: string): boolean => !secret.includes("[redacted:");

/** A header's name, quoted or not, and what is between it and its value. */
const header = (name: string): string => `${name}\\\\{0,8}["'\`]?[ \\t-\\r]{0,4}[:=][ \\t-\\r]{0,4}\\\\{0,8}["'\`]?`;
const scheme = "(?:Bearer|Basic|Digest|Token|ApiKey|AWS4-HMAC-SHA256|Negotiate|Hawk|DPoP)[ \\t]";
const isCredential = (secret: string): boolean => !placeholder.test(secret.slice(secret.search(/[ \t]/)).trim());

export const blockRules: readonly Rule[] = [
  {
    name: "private_key",
    finds: "PEM private keys, also those that were cut; certificates and public keys stay",
    needles: [word("-----BEGIN ", "-BE")],
    // Up to the next five dashes, through lines, headers and escaped line ends.
    find: byPattern(
      /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----((?:[A-Za-z0-9+/= \t-\r:,.>|*()]|-(?!----)|\\{1,4}[nrt\r\n]){16,16384})/y,
      (secret) => /[A-Za-z0-9+/=]{24}/.test(secret),
    ),
  },
  {
    name: "url_password",
    finds: "passwords in URLs: postgres://user:password@host",
    needles: [word("://", "://")],
    confirms: hasPassword,
    find: byPattern(
      /:\/\/[^ \t-\r/?#"'<>@:[\]]{0,256}:([^ \t-\r/?#"'<>]{1,512})(?=@)/y,
      (secret) => !placeholder.test(secret),
    ),
  },
  {
    name: "bearer_token",
    finds: "Bearer tokens",
    needles: [anyCase("bearer ", "ear"), anyCase("bearer%20", "r%2")],
    find: byPattern(/bearer(?: {1,4}|%20)([A-Za-z0-9._~+/=-]{8,8192})/iy, isToken),
  },
  {
    name: "basic_credentials",
    finds: "Basic credentials: Basic dXNlcjpwYXNz",
    needles: [anyCase("basic ", "ic ")],
    find: byPattern(/basic {1,4}([A-Za-z0-9+/_-]{6,2048}={0,2})/iy, isBasicCredentials),
  },
  {
    name: "authorization_header",
    finds: "the value of an Authorization or Proxy-Authorization header in a text",
    needles: [anyCase("authorization", "iza")],
    find: firstOf(
      byPattern(
        new RegExp(`${header("authorization")}(${scheme}[^\\r\\n"'\`\\\\]{1,8192})`, "iy"),
        (secret) => isNew(secret) && isCredential(secret),
      ),
      byPattern(new RegExp(`${header("authorization")}([A-Za-z0-9._~+/=-]{12,8192})`, "iy"), isToken),
    ),
  },
  {
    name: "cookie_header",
    finds: "the value of a Cookie or Set-Cookie header in a text, and of document.cookie",
    needles: [anyCase("cookie", "oki")],
    find: byPattern(
      new RegExp(`${header("cookie2?")}([A-Za-z0-9!#$%&*+.^_|~-]{1,256}=[^\\r\\n"'\`\\\\]{1,16384})`, "iy"),
      isNew,
    ),
  },
];
