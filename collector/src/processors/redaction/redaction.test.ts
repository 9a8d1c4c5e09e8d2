// No secret of the corpus gets through, in any place that a text can have; no innocent text is touched.

import {
  type AnyMap,
  type AnyValue,
  Logs,
  LogsBuilder,
  logsFromJson,
  opaqueFromJson,
} from "@chriscode/devmux-telemetry-protocol";
import { describe, expect, test } from "vitest";
import { accepted, rejected, retryable } from "../../component/index.ts";
import { recordingConsumer, testProcessor, testSettings } from "../../testing/index.ts";
import { innocentAttributes, innocentTexts } from "./corpus.innocent.ts";
import { chance, keySamples, secretSamples } from "./corpus.secrets.ts";
import { redactionProcessorFactory as factory } from "./factory.ts";

test.each(testProcessor(factory))("$name", ({ run }) => run());

async function redact(
  batch: Logs,
  config: object = {},
): Promise<{ out: Logs; same: boolean; counters: Map<string, number> }> {
  const next = recordingConsumer();
  const settings = testSettings("redaction");
  expect(await factory.create(settings, factory.config.parse(config), next).consume(batch)).toEqual(accepted);
  const [out] = next.batches as Logs[];
  return { out: out!, same: out === batch, counters: settings.counters };
}

function record(init: {
  body?: AnyValue;
  attributes?: AnyMap;
  resource?: AnyMap;
  eventName?: string;
  severityText?: string;
}): Logs {
  const builder = new LogsBuilder({ "service.name": "shop", ...init.resource }, { name: "console" });
  const { resource: _resource, ...rest } = init;
  builder.add({ severityNumber: 9, ...rest });
  return builder.build();
}

/** Parts of eight characters of a secret that are still there. */
function leaks(out: Logs, secret: string): string[] {
  const bytes = Buffer.from(out.encode());
  const found: string[] = [];
  for (const line of secret.split("\n")) {
    const length = Math.min(8, line.length);
    for (let at = 0; at + length <= line.length; at++) {
      const part = line.slice(at, at + length);
      if (bytes.includes(part)) found.push(part);
    }
  }
  return found;
}

/** Every place of a record that holds text. */
const places: readonly (readonly [name: string, put: (text: string) => Logs])[] = [
  ["the body", (text) => record({ body: text })],
  ["a map in the body", (text) => record({ body: { step: 1, detail: { note: text } } })],
  ["a list in the body", (text) => record({ body: ["a", 1, text] })],
  ["an attribute", (text) => record({ attributes: { note: text } })],
  ["a list in an attribute", (text) => record({ attributes: { notes: ["a", text, "b"] } })],
  ["a key", (text) => record({ attributes: { [text]: true } })],
  ["the resource", (text) => record({ body: "x", resource: { note: text } })],
  ["the event's name", (text) => record({ eventName: text })],
  ["the severity's text", (text) => record({ severityText: text })],
  ["bytes", (text) => record({ attributes: { raw: Buffer.from(text) } })],
  [
    "the scope",
    (text) =>
      logsFromJson({
        resourceLogs: [
          {
            scopeLogs: [
              {
                scope: { name: text, attributes: [{ key: "note", value: { stringValue: text } }] },
                schemaUrl: text,
                logRecords: [{ body: { stringValue: "x" } }],
              },
            ],
          },
        ],
      }).logs,
  ],
];

describe("secrets", () => {
  test(`are ${secretSamples.length} and of many kinds`, () => {
    expect(secretSamples.length).toBeGreaterThanOrEqual(50);
    expect(new Set(secretSamples.map(({ name }) => name)).size).toBe(secretSamples.length);
  });

  test.each(places)("none gets through in %s", async (_place, put) => {
    const leaked: string[] = [];
    for (const { name, text, secret } of secretSamples) {
      // JSON writes a character another way, and so does the corpus where it is about that.
      const plain = JSON.stringify(secret).slice(1, -1) === secret ? secret : secret.split(/["\\]/).join("\n");
      const { out } = await redact(put(text));
      if (leaks(out, plain).length > 0) leaked.push(`${name}: ${leaks(out, plain)[0]}`);
    }
    expect(leaked).toEqual([]);
  });

  test("none gets through beside others, in one large batch that was merged, selected and split", async () => {
    const batches = secretSamples.map(({ text }, index) =>
      record({ body: `${index} ${text}`, attributes: { note: text } }),
    );
    const merged = Logs.merge([...batches, record({ body: "innocent" })]).select(() => true);
    const { out } = await redact(merged);
    for (const { name, secret } of secretSamples) {
      const plain = secret.split(/["\\]/).join("\n");
      expect([name, ...leaks(out, plain)]).toEqual([name]);
    }
    const again = Logs.fromProtobuf(out.encode());
    expect(again.itemCount).toBe(merged.itemCount);
    expect([...again.records()].at(-1)!.body).toBe("innocent");
  });

  test("what stays is all but the secret, and says which rule found it", async () => {
    const { out, counters } = await redact(
      record({
        body: `user ada, key AKIA${chance(16, "ABCDEFGH")}, postgres://app:s3cr3t@db/shop, password="p w" done`,
      }),
    );
    expect([...out.records()][0]!.body).toBe(
      'user ada, key [redacted:aws_access_key_id], postgres://app:[redacted:url_password]@db/shop, password="[redacted:named_secret]" done',
    );
    expect(Object.fromEntries(counters)).toEqual({
      redacted_aws_access_key_id: 1,
      redacted_url_password: 1,
      redacted_named_secret: 1,
    });
  });

  test("texts stay UTF-8 around what was replaced", async () => {
    const { out } = await redact(record({ body: "grüße password=pässwörtà-über 😀 done" }));
    expect([...out.records()][0]!.body).toBe("grüße password=[redacted:named_secret] 😀 done");
  });

  test("a text of a megabyte is looked through to its end", async () => {
    const secret = `ghp_${chance(36)}`;
    const { out } = await redact(record({ body: `${"lorem ipsum ".repeat(90_000)}${secret}` }));
    expect(leaks(out, secret)).toEqual([]);
  });
});

describe("keys", () => {
  test.each(keySamples)("the value of %s is replaced", async (key, value) => {
    const parts = [value].flat().map(String);
    for (const put of [
      () => record({ attributes: { [key]: value as AnyValue } }),
      () => record({ body: { inner: [{ [key]: value as AnyValue }] } }),
      () => record({ body: "x", resource: { [key]: value as AnyValue } }),
    ]) {
      const { out } = await redact(put());
      for (const part of parts) expect(leaks(out, part)).toEqual([]);
    }
  });

  test("a list keeps its shape, a map is judged by its own keys", async () => {
    const { out } = await redact(
      record({
        attributes: { cookie: ["a-secret", "b-secret", 1, true], token: { type: "Punctuator", password: "letmein" } },
      }),
    );
    const attributes = [...out.records()][0]!.attributes();
    expect(attributes.cookie).toEqual(["[redacted:key]", "[redacted:key]", 1, true]);
    expect({ ...(attributes.token as AnyMap) }).toEqual({ type: "Punctuator", password: "[redacted:key]" });
  });
});

describe("innocent texts", () => {
  test(`${innocentTexts.length} texts and ${innocentAttributes.length} attributes: a batch of them is the same batch`, async () => {
    expect(innocentTexts.length).toBeGreaterThanOrEqual(100);
    const touched: string[] = [];
    for (const text of innocentTexts) {
      for (const [, put] of places) {
        const { out, same } = await redact(put(text));
        if (!same) touched.push(`${text} -> ${JSON.stringify([...out.records()][0]!.body)}`);
      }
    }
    for (const [key, value] of innocentAttributes) {
      const { same } = await redact(
        record({ attributes: { [key]: value as AnyValue }, body: { [key]: value as AnyValue } }),
      );
      if (!same) touched.push(key);
    }
    expect(touched).toEqual([]);
  });

  test("what was redacted once stays as it is", async () => {
    for (const { text } of secretSamples) {
      const { out } = await redact(record({ body: text, attributes: { password: text, note: text } }));
      const { same } = await redact(out);
      expect([text, same]).toEqual([text, true]);
    }
  });
});

describe("traces and metrics", () => {
  const secret = `ghp_${chance(36)}`;
  const attribute = { key: "note", value: { stringValue: `with ${secret}` } };

  test("are looked through as well", async () => {
    const next = recordingConsumer();
    const processor = factory.create(testSettings(), factory.config.parse({}), next);
    const span = {
      name: `GET /${secret}`,
      attributes: [attribute],
      events: [{ name: "e", attributes: [attribute] }],
      status: { message: secret },
    };
    await processor.consume(
      opaqueFromJson("traces", {
        resourceSpans: [{ resource: { attributes: [attribute] }, scopeSpans: [{ spans: [span] }] }],
      }).batch,
    );
    const point = { asInt: "1", attributes: [attribute], exemplars: [{ filteredAttributes: [attribute], asInt: "1" }] };
    const metric = { name: "n", description: secret, sum: { dataPoints: [point] } };
    await processor.consume(
      opaqueFromJson("metrics", { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] }).batch,
    );
    expect(next.batches.map(({ itemCount }) => itemCount)).toEqual([1, 1]);
    for (const batch of next.batches) expect(Buffer.from(batch.encode()).includes(secret.slice(0, 20))).toBe(false);
  });

  test("what cannot be looked through is rejected, not passed on", async () => {
    const span = { name: "password", attributes: [attribute] };
    const bytes = opaqueFromJson("traces", { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
      .batch.encode()
      .slice();
    bytes[Buffer.from(bytes).indexOf(`with ${secret}`) - 1] = 0x7f;
    const { OpaqueBatch } = await import("@chriscode/devmux-telemetry-protocol");
    const next = recordingConsumer();
    const processor = factory.create(testSettings(), factory.config.parse({}), next);
    expect(await processor.consume(OpaqueBatch.fromProtobuf("traces", bytes))).toMatchObject({ kind: "rejected" });
    expect(next.batches).toEqual([]);
  });
});

describe("options", () => {
  const bodyOf = async (body: string, config: object, attributes: AnyMap = {}) => {
    const { out } = await redact(record({ body, attributes }), config);
    const [only] = [...out.records()];
    return [only!.body, { ...only!.attributes() }];
  };

  test("blocked_values and blocked_key_patterns of the user's", async () => {
    const config = { blocked_values: ["\\bEMP-\\d{4}\\b"], blocked_key_patterns: ["(?i)^iban$"] };
    expect(await bodyOf("EMP-1234 and EMP-5678", config, { IBAN: "DE02", n: 1 })).toEqual([
      "[redacted:blocked_value] and [redacted:blocked_value]",
      { IBAN: "[redacted:blocked_key]", n: 1 },
    ]);
    const long = `${"x ".repeat(10_000)}EMP-1234`;
    expect((await bodyOf(long, config))[0]).toBe(`${"x ".repeat(10_000)}[redacted:blocked_value]`);
  });

  test("allowed_values, ignored_keys, disabled_rules let through what they name", async () => {
    const test = `sk_test_${chance(24)}`;
    expect(await bodyOf(test, { allowed_values: ["^sk_test_"] })).toEqual([test, {}]);
    expect(
      (
        await bodyOf(
          "x",
          { ignored_keys: ["token"], ignored_key_patterns: ["^csrf"] },
          { token: "abc", csrf_token: "d", password: "e" },
        )
      )[1],
    ).toEqual({
      token: "abc",
      csrf_token: "d",
      password: "[redacted:key]",
    });
    expect(await bodyOf("password=abc", { disabled_rules: ["named_secret", "key"] }, { password: "e" })).toEqual([
      "password=abc",
      { password: "e" },
    ]);
  });

  test("a misspelt rule is said with the rules that there are", () => {
    expect(factory.config.safeParse({ disabled_rules: ["githubtoken"] }).error?.issues[0]).toMatchObject({
      path: ["disabled_rules", 0],
    });
  });
});

test("counts what was replaced when it is taken or rejected, not when it comes again", async () => {
  for (const [verdict, counted] of [
    [accepted, 1],
    [rejected("no"), 1],
    [retryable("full"), undefined],
  ] as const) {
    const settings = testSettings();
    const processor = factory.create(settings, factory.config.parse({}), recordingConsumer(verdict));
    await processor.consume(record({ body: "password=letmein" }));
    expect(settings.counters.get("redacted_named_secret")).toBe(counted);
  }
});
