// Secrets that must not get through, in the texts that they come in. All are made up; they are put together from parts, so that
// no scanner of repositories takes them for real ones.

export interface SecretSample {
  readonly name: string;
  /** What must not be seen any more, in any part of eight characters. */
  readonly secret: string;
  readonly text: string;
}

const alphanumeric = "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zAcCfFiIlLoO";

/** `length` characters that look like chance and are the same in every run. */
export function chance(length: number, alphabet: string = alphanumeric, seed = 7): string {
  let state = seed;
  let text = "";
  for (let i = 0; i < length; i++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += alphabet[Math.floor(state / 65_536) % alphabet.length];
  }
  return text;
}

const hex = "0123456789abcdef";
const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const base64 = `${alphanumeric}+/`;
const digits = "0123456789";

/** A token as it is, in a sentence. */
const token = (name: string, secret: string): SecretSample => ({
  name,
  secret,
  text: `got ${secret} from the server, retrying`,
});
const sample = (name: string, secret: string, text: string): SecretSample => ({ name, secret, text });

const jwt = ["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", `eyJzdWIi${chance(40)}`, chance(43)].join(".");
const jwe = ["eyJhbGciOiJSU0EtT0FFUCJ9", chance(60), chance(16), chance(80), chance(22)].join(".");
const pemBody = [chance(64, base64, 1), chance(64, base64, 2), `${chance(30, base64, 3)}==`];
const pem = (kind: string, lineEnd = "\n") =>
  [`-----BEGIN ${kind}-----`, ...pemBody, `-----END ${kind}-----`].join(lineEnd);
const basic = Buffer.from("deploy:Tr0ub4dor&3").toString("base64");

export const secretSamples: readonly SecretSample[] = [
  token("AWS access key id", `AKIA${chance(16, upper)}`),
  token("AWS temporary key id", `ASIA${chance(16, upper)}`),
  sample("AWS secret, environment", chance(40, base64), `AWS_SECRET_ACCESS_KEY=${chance(40, base64)}`),
  sample(
    "AWS secret, ini",
    chance(40, base64),
    `[default]\naws_secret_access_key = ${chance(40, base64)}\nregion = eu-west-1`,
  ),
  sample(
    "AWS secret, JSON",
    chance(40, base64),
    JSON.stringify({ SecretAccessKey: chance(40, base64), Expiration: "2026-01-01" }),
  ),
  sample("AWS session token", chance(200, base64), JSON.stringify({ SessionToken: chance(200, base64) })),
  sample(
    "signed URL",
    chance(64, hex),
    `GET https://b.s3.amazonaws.com/k?X-Amz-Date=20260101T000000Z&X-Amz-Signature=${chance(64, hex)}&x-id=GetObject`,
  ),
  token("GitHub personal", `ghp_${chance(36)}`),
  token("GitHub OAuth", `gho_${chance(36)}`),
  token("GitHub user to server", `ghu_${chance(36)}`),
  token("GitHub server to server", `ghs_${chance(36)}`),
  token("GitHub refresh", `ghr_${chance(76)}`),
  token("GitHub fine-grained", `github_pat_${chance(22)}_${chance(59)}`),
  sample(
    "GitHub in a remote",
    `ghp_${chance(36)}`,
    `fatal: unable to access 'https://ghp_${chance(36)}@github.com/acme/shop.git/'`,
  ),
  token("GitLab", `glpat-${chance(20)}`),
  token("Slack bot", `xoxb-${chance(12, digits)}-${chance(12, digits)}-${chance(24)}`),
  token("Slack user", `xoxp-${chance(12, digits)}-${chance(12, digits)}-${chance(32, hex)}`),
  token("Slack app", `xapp-1-A${chance(10, upper)}-${chance(13, digits)}-${chance(64, hex)}`),
  sample(
    "Slack webhook",
    `T${chance(8, upper)}/B${chance(8, upper)}/${chance(24)}`,
    `POST https://hooks.slack.com/services/T${chance(8, upper)}/B${chance(8, upper)}/${chance(24)} 200`,
  ),
  sample("Discord webhook", chance(68), `https://discord.com/api/webhooks/987654321098765432/${chance(68)}`),
  token("Stripe live", `sk_live_${chance(24)}`),
  token("Stripe restricted", `rk_live_${chance(24)}`),
  token("Stripe webhook", `whsec_${chance(32)}`),
  token("OpenAI", `sk-${chance(48)}`),
  token("OpenAI project", `sk-proj-${chance(40)}_${chance(40)}-${chance(20)}`),
  token("Anthropic", `sk-ant-api03-${chance(93)}AA`),
  token("Groq", `gsk_${chance(52)}`),
  token("Hugging Face", `hf_${chance(34)}`),
  token("Google API", `AIza${chance(35)}`),
  token("Google OAuth access", `ya29.${chance(80)}`),
  token("Google OAuth secret", `GOCSPX-${chance(28)}`),
  token("npm", `npm_${chance(36)}`),
  token("PyPI", `pypi-AgEIcHlwaS5vcmc${chance(80)}`),
  token("Docker Hub", `dckr_pat_${chance(27)}`),
  token("SendGrid", `SG.${chance(22)}.${chance(43)}`),
  token("Shopify", `shpat_${chance(32, hex)}`),
  token("DigitalOcean", `dop_v1_${chance(64, hex)}`),
  sample("Telegram", `AA${chance(33)}`, `https://api.telegram.org/bot9876543210:AA${chance(33)}/getMe`),
  token("age", `AGE-SECRET-KEY-1${chance(58, upper)}`),
  token("JWT", jwt),
  token("JWE", jwe),
  sample("JWT in a fragment", jwt, `navigated to http://localhost:3000/cb#id_token=${jwt}&state=1`),
  ...[
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "PGP PRIVATE KEY BLOCK",
  ].map((kind) => sample(`PEM ${kind}`, pemBody.join("\n"), `loaded:\n${pem(kind)}\nok`)),
  sample("PEM in JSON", pemBody.join("\n"), JSON.stringify({ key: pem("PRIVATE KEY") })),
  sample("PEM in JSON in JSON", pemBody.join("\n"), JSON.stringify(JSON.stringify({ key: pem("PRIVATE KEY") }))),
  sample("PEM that was cut", pemBody.join("\n"), pem("PRIVATE KEY").slice(0, -40)),
  sample("PEM with CRLF", pemBody.join("\n"), pem("RSA PRIVATE KEY", "\r\n")),
  sample("Bearer in a header", chance(40), `Authorization: Bearer ${chance(40)}`),
  sample("Bearer alone", chance(24), `curl -H "accept: */*" with bearer ${chance(24)} failed`),
  sample("Bearer, percent-encoded", chance(32), `?auth=Bearer%20${chance(32)}&v=1`),
  sample("Basic in a header", basic, `authorization: Basic ${basic}`),
  sample("Basic alone", basic, `sent Basic ${basic} to the proxy`),
  sample("Digest header", `${chance(32, hex)}`, `Authorization: Digest username=x, response=${chance(32, hex)}`),
  sample("API key scheme", chance(30), `Proxy-Authorization: ApiKey ${chance(30)}`),
  sample("Authorization in JSON", chance(30), JSON.stringify({ headers: { Authorization: chance(30) } })),
  sample("Authorization of util.inspect", chance(30), `{ headers: { authorization: 'Token ${chance(30)}' } }`),
  sample("Cookie header", `sid=${chance(32)}`, `Cookie: theme=dark; sid=${chance(32)}; lang=de`),
  sample("Set-Cookie header", `sid=${chance(32)}`, `< Set-Cookie: sid=${chance(32)}; Path=/; HttpOnly`),
  sample("document.cookie", chance(32), `document.cookie = "session=${chance(32)}; path=/"`),
  sample("cookie in JSON", chance(32), JSON.stringify({ cookie: `session=${chance(32)}` })),
  sample("cookie, assigned", chance(24), `session_cookie=${chance(24)}`),
  sample(
    "basic auth URL",
    "hunter2-is-it",
    "connecting to postgres://app:hunter2-is-it@db.local:5432/shop?sslmode=disable",
  ),
  sample("basic auth URL with @", "p@ss:w0rd!x", "redis://default:p@ss:w0rd!x@cache:6379/0"),
  sample("basic auth URL, https", chance(20), `cloning https://oauth2:${chance(20)}@gitlab.com/acme/shop.git`),
  sample("MongoDB URL", chance(16), `mongodb+srv://root:${chance(16)}@cluster0.example.net/?retryWrites=true`),
  sample("password, assigned", "letmein!now", "login failed for user=ada password=letmein!now host=db"),
  sample("password, a word", "letmeinnow", "psql: PGPASSWORD=letmeinnow psql -h db"),
  sample("password, not ASCII", "pässwörtà-über", "password=pässwörtà-über next"),
  sample(
    "password in JSON",
    "correct horse battery",
    JSON.stringify({ user: "ada", password: "correct horse battery", n: 1 }),
  ),
  sample(
    "password in JSON in JSON",
    "correct-horse",
    JSON.stringify({ body: JSON.stringify({ password: "correct-horse" }) }),
  ),
  sample("password with escapes", 'letmein"please\\really', JSON.stringify({ password: 'letmein"please\\really' })),
  sample("password of util.inspect", "letmein-again", "{ user: 'ada', password: 'letmein-again', tries: 2 }"),
  sample("password in YAML", "letmeinagain", "db:\n  user: ada\n  password: letmeinagain\n  port: 5432"),
  sample("password in YAML, quoted", "let me in", 'password: "let me in"'),
  sample("password that was cut", "correcthorsebattery", '{"user":"ada","password":"correcthorsebattery'),
  sample("password with a sign", "s3cr3t,&x!", "password=s3cr3t,&x! (from .env)"),
  sample("passwd", "tr0ub4dor&3", "passwd: tr0ub4dor&3"),
  sample("passphrase", "open sesame please", "passphrase = 'open sesame please'"),
  sample("confirmed password", "letmeintoo", "form: passwordConfirm=letmeintoo"),
  sample("connection string", "Tr0ub4dor-3", "Server=db;User Id=sa;Password=Tr0ub4dor-3;Encrypt=true"),
  sample(
    "Azure storage",
    chance(86, base64),
    `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${chance(86, base64)}==;EndpointSuffix=core.windows.net`,
  ),
  sample("pwd in a query", "letmein99", "mysql://x?uid=root&pwd=letmein99"),
  sample("client secret", chance(40), `client_id=web&client_secret=${chance(40)}&grant_type=code`),
  sample("clientSecret", chance(32), JSON.stringify({ clientSecret: chance(32) })),
  sample("webpack define", chance(32), `const SECRET_KEY = "${chance(32)}";`),
  sample("api key in a query", chance(32, hex), `GET /v1/items?api_key=${chance(32, hex)}&page=2 200`),
  sample("api key header", chance(32, hex), `x-api-key: ${chance(32, hex)}`),
  sample("apiKey, template", chance(32), `apiKey: \`${chance(32)}\``),
  sample("access token in a query", chance(64), `http://localhost:3000/#access_token=${chance(64)}&expires_in=3600`),
  sample("refresh token in JSON", chance(64), JSON.stringify({ refresh_token: chance(64), token_type: "bearer" })),
  sample("CSRF token", chance(32), `X-CSRF-Token: ${chance(32)}`),
  sample("token, YAML", chance(32), `token: ${chance(32)}`),
  sample("Kubernetes secret", chance(40, base64), `  secret: ${chance(40, base64)}`),
  sample("private key id and key", chance(64, hex), `private_key=0x${chance(64, hex)}`),
  sample("encryption key", chance(44, base64), `ENCRYPTION_KEY="${chance(44, base64)}"`),
  sample("arrow", chance(20), `"secret" => "${chance(20)}"`),
];

/** Attributes and entries of maps whose key gives them away. */
export const keySamples: readonly (readonly [key: string, value: unknown])[] = [
  ["password", "letmein-now"],
  ["user.password", "letmein-now"],
  ["newPassword2", "letmein-now"],
  ["DB_PASSWD", "letmein-now"],
  ["password_pin", 48_151_623],
  ["http.request.header.authorization", ["Bearer short-one"]],
  ["Authorization", "just-a-word"],
  ["http.request.header.cookie", ["theme-is-dark"]],
  ["http.response.header.set-cookie", ["sid-letmein; Path=/", "b-letmein"]],
  ["cookies", "theme-is-dark"],
  ["sessionCookie", "abcdefgh"],
  ["accessToken", "letmein-now"],
  ["refresh_token", "letmein-now"],
  ["csrf-token", "letmein-now"],
  ["token", "letmein-now"],
  ["apiKey", "letmein-now"],
  ["x-api-key", "letmein-now"],
  ["api.key", "letmein-now"],
  ["aws.secret_access_key", "letmein-now"],
  ["client_secret", "letmein-now"],
  ["clientSecret", "letmein-now"],
  ["stripe.secretKey", "letmein-now"],
  ["privateKey", "letmein-now"],
  ["private-key", "letmein-now"],
  ["account.key", "letmein-now"],
  ["ENCRYPTION_KEY", "letmein-now"],
  ["signing_key", "letmein-now"],
  ["passphrase", "letmein-now"],
  ["pwd", "letmein-now"],
];
