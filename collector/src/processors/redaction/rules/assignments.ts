// Secrets that are known by their name, in texts of any kind: password=…, "apiKey": "…", access_token: ….
//
// The names stand in sentences too ("Unexpected token: }", "password: required"). So what follows has to look like a value:
// quoted, or assigned with `=`, or at least with a digit or sign in it, or the last word of its line after a name that leaves
// no doubt.

import type { Needle } from "../finder.ts";
import { anyCase, byPattern, type Find, type Rule } from "./rule.ts";

interface Names {
  readonly needles: readonly Needle[];
  /** From where a needle begins to the end of the name. */
  readonly pattern: string;
}

/** What they name is a secret. */
const certain: Names = {
  needles: [
    anyCase("password", "swo"),
    anyCase("passwd", "swd"),
    anyCase("passphrase", "phr"),
    anyCase("secret", "ecr"),
    anyCase("apikey", "pik"),
    anyCase("api?key", "api"),
    anyCase("accesskey", "acc"),
    anyCase("access?key", "acc"),
    anyCase("privatekey", "iva"),
    anyCase("private?key", "iva"),
    anyCase("accountkey", "acc"),
    anyCase("account?key", "acc"),
    anyCase("encryptionkey", "ypt"),
    anyCase("encryption?key", "ypt"),
    anyCase("signingkey", "ign"),
    anyCase("signing?key", "ign"),
  ],
  pattern: `(?:${[
    "passw(?:or)?d(?:s|\\d{1,2}|[_-]?(?:confirm|confirmation|again|repeat|new|old|current|value|plain|input|hash))?",
    "passphrase",
    "secrets?(?:[_-]?(?:access[_-]?)?(?:key|token|value|string|text))?",
    "(?:api|access|private|account|encryption|signing)[_.-]?key(?:[_-]?(?:secret|value))?",
  ].join("|")})`,
};

/** What they name may be a part of a grammar, of a page, of a counter. */
const likely: Names = {
  needles: [anyCase("token", "tok"), anyCase("cookie", "oki")],
  pattern: "(?:token(?:[_-]?(?:secret|value|key))?|cookie)",
};

/** `pwd` is a directory too. */
const directoryOrPassword: Names = { needles: [anyCase("pwd", "pwd")], pattern: "pwd" };

const space = "[ \\t-\\r]";
/** A word that ends where the next pair of a query, a connection string, a list begins: a name and one of these signs. */
const bare = (signs: string): string =>
  `(?:[^ \\t-\\r"'\`&;,<>()[\\]{}|\\\\]|[&;,](?![\\w.-]{1,64}[${signs}])(?=[^ \\t-\\r"'\`])){1,8192}`;
/** In quotes, to the same quote or the end of the text, for one that was cut. In JSON inside JSON the quotes are escaped. */
const quoted = ['"', "'", "`"]
  .map(
    (quote) =>
      `${quote}((?:[^${quote}\\\\]|\\\\[^]){1,16384})|\\\\{1,8}${quote}([^${quote}]{1,16384}?)(?=\\\\{1,8}${quote}|$)`,
  )
  .join("|");

/** How a value stands: in quotes, directly after `=` (a query, an environment), or after `:` or spaces (YAML, a sentence). */
type Form = "quoted" | "assigned" | "loose" | "last on its line";

/**
 * What is assigned to one of these names. The groups of the pattern: 1 to 6 in quotes, 7 after `=`, 8 loose, 9 what ends its line.
 * A bare word is taken whole, by a lookahead and what it captured, or not at all: otherwise `token=next(` would give back a
 * letter to be followed by no parenthesis.
 */
function assignedTo(names: string, accepts: (secret: string, form: Form) => boolean): Find {
  const sign = `\\\\{0,8}["'\`]?${space}{0,4}(?:=>|:=|[:=])${space}{0,4}`;
  const pattern = new RegExp(
    `${names}(?:${sign}(?:${quoted})|=(?=(${bare("=")}))\\7(?!\\()|${sign}(?=(${bare("=:")}))\\8(?!\\()(?=(${space}{0,64}(?:$|[\\r\\n]))?))`,
    "iy",
  );
  return (text, at) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const inQuotes = match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? match[6];
    const secret = inQuotes ?? match[7] ?? match[8]!;
    if (!accepts(secret, formOf(match, inQuotes))) return undefined;
    return { start: pattern.lastIndex - secret.length, end: pattern.lastIndex };
  };
}

function formOf(match: RegExpExecArray, inQuotes: string | undefined): Form {
  if (inQuotes !== undefined) return "quoted";
  if (match[7] !== undefined) return "assigned";
  return match[9] === undefined ? "loose" : "last on its line";
}

/** What is said of a secret, or stands for one, instead of it. */
const saidInstead =
  /^(?:null|undefined|none|nil|nan|true|false|yes|no|ok|on|off|empty|unset|missing|required|optional|invalid|valid|expired|incorrect|wrong|mismatch|changed|reset|updated|hidden|masked|redacted|removed|string|number|boolean|object|function|symbol|any|unknown|never|void|include|omit|same-origin|text|bearer|basic|\*+|•+|x{3,}|\.{3,}|…|\[redacted:.*|<[^>]*>?|\$?\{.*\}?|\$[A-Za-z_]\w*|%[sdo]|\d{1,3})[.,!?:]*$/i;

const isValue = (secret: string): boolean => !saidInstead.test(secret.trim());
/** A digit, or a sign that no word of a sentence and no expression of a program has. */
const isNoWord = (secret: string): boolean =>
  secret.length >= 6 && /[\d!@#$%^*+=~?]/.test(secret.replace(/[!?]+$/, ""));
/** No address, and no expression of a program: `process.env.API_KEY`. */
const isNoReference = (secret: string): boolean =>
  !/^(?:https?:\/\/|(?:process|import|os|env|config|settings|options|props|args|this|self|secrets|vars)\.[A-Za-z_])/i.test(
    secret,
  );
const isNoDirectory = (secret: string): boolean => isValue(secret) && !/^(?:~|\.{0,2}\/|[A-Za-z]:)/.test(secret);

export const assignmentRules: readonly Rule[] = [
  {
    name: "named_secret",
    finds: "what is assigned to a name such as password, passphrase, secret, api_key, access_key, private_key",
    needles: certain.needles,
    find: assignedTo(certain.pattern, (secret, form) => {
      if (!isValue(secret)) return false;
      if (form === "quoted" || form === "assigned") return true;
      return isNoReference(secret) && (isNoWord(secret) || (form === "last on its line" && secret.length >= 4));
    }),
  },
  {
    name: "named_token",
    finds: "what is assigned to a name that ends in token or cookie",
    needles: likely.needles,
    find: assignedTo(likely.pattern, (secret, form) => {
      if (!isValue(secret)) return false;
      if (form === "quoted") return secret.length >= 8;
      if (form === "assigned") return secret.length >= 8 || isNoWord(secret);
      return secret.length >= 12 && isNoWord(secret) && isNoReference(secret);
    }),
  },
  {
    name: "named_pwd",
    finds: "what is assigned to pwd, unless it is a directory",
    needles: directoryOrPassword.needles,
    find: assignedTo(
      directoryOrPassword.pattern,
      (secret, form) => (form === "quoted" || form === "assigned") && isNoDirectory(secret),
    ),
  },
  {
    name: "url_signature",
    finds: "signatures of signed URLs: X-Amz-Signature=…, sig=…",
    needles: [anyCase("signature=", "ign"), anyCase("sig=", "ig=")],
    find: byPattern(/(?<=[?&;-]|%26)(?:signature|sig)=([A-Za-z0-9%+/_-]{20,512}={0,2})/iy),
  },
];
