// Secrets that are known by their own look: the keys and tokens of services.

import { byPattern, type Rule, word } from "./rule.ts";

/** One prefix, then characters of a class. Nothing that could belong to it may stand before it. */
function prefixed(
  name: string,
  finds: string,
  prefixes: readonly (readonly [text: string, anchor: string])[],
  rest: string,
): Rule {
  const alternatives = prefixes.map(([text]) => text.replace(/[.]/g, "\\.")).join("|");
  return {
    name,
    finds,
    needles: prefixes.map(([text, anchor]) => word(text, anchor)),
    find: byPattern(new RegExp(`(?<![A-Za-z0-9])((?:${alternatives})${rest})`, "y")),
  };
}

/** A longer run of letters and digits is something else: a hash, a base64 text. */
const end = "(?![A-Za-z0-9])";

export const tokenRules: readonly Rule[] = [
  prefixed(
    "aws_access_key_id",
    "AWS access key ids: AKIA…, ASIA…, ABIA…, ACCA…",
    [
      ["AKIA", "AKI"],
      ["ASIA", "SIA"],
      ["ABIA", "BIA"],
      ["ACCA", "CCA"],
    ],
    `[A-Z0-9]{16}${end}`,
  ),
  prefixed(
    "github_token",
    "GitHub tokens: ghp_…, gho_…, ghu_…, ghs_…, ghr_…, github_pat_…",
    [
      ["ghp_", "hp_"],
      ["gho_", "ho_"],
      ["ghu_", "hu_"],
      ["ghs_", "hs_"],
      ["ghr_", "hr_"],
      ["github_pat_", "b_p"],
    ],
    "[A-Za-z0-9_]{30,255}",
  ),
  prefixed(
    "gitlab_token",
    "GitLab tokens: glpat-…, gldt-…, glrt-…",
    [
      ["glpat-", "glp"],
      ["gldt-", "dt-"],
      ["glrt-", "glr"],
    ],
    "[A-Za-z0-9_.-]{20,255}",
  ),
  prefixed(
    "slack_token",
    "Slack tokens: xoxb-…, xoxp-…, xoxa-…, xoxe-…, xoxr-…, xoxs-…, xapp-…",
    [
      ["xoxb-", "xb-"],
      ["xoxp-", "xox"],
      ["xoxa-", "xox"],
      ["xoxe-", "xox"],
      ["xoxe.", "xox"],
      ["xoxr-", "xox"],
      ["xoxs-", "xox"],
      ["xapp-", "pp-"],
    ],
    "[A-Za-z0-9.-]{10,255}",
  ),
  {
    name: "webhook_url",
    finds: "Slack and Discord webhook URLs",
    needles: [word("hooks.slack.com/services/", ".sl"), word("/api/webhooks/", "i/w")],
    find: byPattern(/(?:hooks\.slack\.com\/services\/|\/api\/webhooks\/\d{5,30}\/)([A-Za-z0-9_/-]{20,200})/y),
  },
  prefixed(
    "stripe_key",
    "Stripe keys and webhook secrets: sk_live_…, rk_live_…, sk_test_…, rk_test_…, whsec_…",
    [
      ["sk_live_", "k_l"],
      ["rk_live_", "k_l"],
      ["sk_test_", "k_t"],
      ["rk_test_", "k_t"],
      ["whsec_", "whs"],
    ],
    "[A-Za-z0-9+/=]{10,255}",
  ),
  {
    name: "ai_api_key",
    finds: "keys of OpenAI, Anthropic and others that look like theirs: sk-…, sk-proj-…, sk-ant-…",
    needles: [word("sk-", "sk-")],
    find: byPattern(
      /(?<![A-Za-z0-9])(sk-(?:(?:proj|svcacct|admin|ant|or)-[A-Za-z0-9_-]{20,255}|[A-Za-z0-9]{32,255}))/y,
    ),
  },
  prefixed("groq_key", "Groq keys: gsk_…", [["gsk_", "sk_"]], `[A-Za-z0-9]{40,100}${end}`),
  prefixed("huggingface_token", "Hugging Face tokens: hf_…", [["hf_", "hf_"]], `[A-Za-z0-9]{30,100}${end}`),
  prefixed("google_api_key", "Google API keys: AIza…", [["AIza", "Iza"]], "[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
  prefixed(
    "google_oauth",
    "Google OAuth secrets and tokens: GOCSPX-…, ya29.…",
    [
      ["GOCSPX-", "PX-"],
      ["ya29.", "ya2"],
    ],
    "[A-Za-z0-9_-]{20,2048}",
  ),
  prefixed("npm_token", "npm tokens: npm_…", [["npm_", "pm_"]], `[A-Za-z0-9]{36}${end}`),
  prefixed("pypi_token", "PyPI tokens: pypi-AgEI…", [["pypi-AgE", "AgE"]], "[A-Za-z0-9_-]{50,1000}"),
  prefixed(
    "docker_token",
    "Docker Hub tokens: dckr_pat_…, dckr_oat_…",
    [["dckr_", "kr_"]],
    "[po]at_[A-Za-z0-9_-]{20,100}",
  ),
  {
    name: "sendgrid_key",
    finds: "SendGrid keys: SG.…",
    needles: [word("SG.", "SG.")],
    find: byPattern(/(?<![A-Za-z0-9])(SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64})/y),
  },
  prefixed(
    "shopify_token",
    "Shopify tokens: shpat_…, shpss_…, shpca_…, shppa_…",
    [
      ["shpat_", "shp"],
      ["shpss_", "shp"],
      ["shpca_", "hpc"],
      ["shppa_", "hpp"],
    ],
    `[a-fA-F0-9]{32}${end}`,
  ),
  prefixed(
    "digitalocean_token",
    "DigitalOcean tokens: dop_v1_…, doo_v1_…, dor_v1_…",
    [
      ["dop_v1_", "v1_"],
      ["doo_v1_", "o_v"],
      ["dor_v1_", "v1_"],
    ],
    `[a-f0-9]{64}${end}`,
  ),
  {
    name: "telegram_token",
    finds: "Telegram bot tokens: 123456789:AA…",
    needles: [word(":AA", ":AA")],
    find: byPattern(/(?<=(?:^|[^0-9A-Za-z])(?:bot)?\d{6,12})(:AA[A-Za-z0-9_-]{32,40})(?![A-Za-z0-9_-])/y),
  },
  prefixed(
    "age_secret_key",
    "age secret keys: AGE-SECRET-KEY-1…",
    [["AGE-SECRET-KEY-1", "T-K"]],
    `[A-Z0-9]{40,80}${end}`,
  ),
  {
    name: "jwt",
    finds: "JSON Web Tokens: eyJ….….…, also encrypted ones",
    needles: [word("eyJ", "eyJ")],
    find: byPattern(
      /(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{4,65536}(?:\.[A-Za-z0-9_-]{0,65536}){0,3})/y,
    ),
  },
];
