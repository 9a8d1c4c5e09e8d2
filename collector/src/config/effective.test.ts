import { expect, test } from "vitest";
import { z } from "zod";
import { accepted, duration, type ExporterFactory } from "../component/index.ts";
import { devmuxReceiverFactory, otlpReceiverFactory } from "../receivers/index.ts";
import { createBlueprint } from "./blueprint.ts";
import { maskSecrets, secretsOf, withDefaults } from "./effective.ts";

const exporter: ExporterFactory = {
  kind: "exporter",
  type: "sink",
  summary: "",
  signals: ["logs"],
  config: z.strictObject({
    path: z.string().optional(),
    wait: duration("5s"),
    headers: z.record(z.string(), z.string()).default({}),
  }),
  queue: { whenFull: "drop_oldest" },
  create: () => ({ export: async () => accepted }),
};
const factories = [devmuxReceiverFactory, otlpReceiverFactory, exporter];
const raw = {
  receivers: { devmux: null, otlp: { protocols: { http: null } } },
  exporters: { "sink/a": { wait: "1m", headers: { "x-team": "s3cret-team" } } },
  service: { pipelines: { logs: { receivers: ["devmux", "otlp"], exporters: ["sink/a"] } } },
};

test("defaults are filled in as a user would write them", () => {
  expect(withDefaults(raw, factories)).toMatchObject({
    receivers: {
      devmux: { path: "/", hello_timeout: "5s", window: 16 },
      otlp: { own_port: true, protocols: { http: { logs_url_path: "/v1/logs" } } },
    },
    exporters: {
      "sink/a": {
        wait: "1m",
        headers: { "x-team": "s3cret-team" },
        sending_queue: { queue_size: "64MiB", when_full: "drop_oldest", batch: { max_items: 8192 } },
        retry_on_failure: { enabled: true, initial_interval: "1000ms" },
      },
    },
    service: raw.service,
  });
});

test("what is not named is not added: one protocol of two stays alone", () => {
  const { receivers } = withDefaults(raw, factories) as { receivers: { otlp: { protocols: object } } };
  expect(Object.keys(receivers.otlp.protocols)).toEqual(["http"]);
});

test("with its defaults a configuration means the same", () => {
  const configs = (config: object) => {
    const { receivers, exporters } = createBlueprint(config, factories);
    const { config: own, queue } = exporters.get("sink/a")!;
    return [[...receivers.values()].map((each) => each.config), own, queue];
  };
  expect(configs(withDefaults(raw, factories))).toEqual(configs(raw));
});

test("secrets are masked by the name of their key, in headers, in URLs and where they stand as Bearer", () => {
  const masked = maskSecrets({
    token: "abc",
    nested: [{ api_key: "k", password: 5, "private-key": ["a"], Authorization: "Basic x", empty_token: "" }],
    headers: { "x-honeycomb-team": "t", accept: "text/plain" },
    endpoint: "https://user:pa55@example.com/v1",
    note: "sends Bearer abcdef here",
    path: "/var/log/x.jsonl",
  });
  expect(masked).toEqual({
    token: "[REDACTED]",
    nested: [
      {
        api_key: "[REDACTED]",
        password: "[REDACTED]",
        "private-key": ["[REDACTED]"],
        Authorization: "[REDACTED]",
        empty_token: "",
      },
    ],
    headers: { "x-honeycomb-team": "[REDACTED]", accept: "[REDACTED]" },
    endpoint: "https://[REDACTED]@example.com/v1",
    note: "sends Bearer [REDACTED] here",
    path: "/var/log/x.jsonl",
  });
});

test("the secrets of a configuration can be named, to keep them out of a log", () => {
  expect(
    secretsOf({
      bearertokenauth: { tokens: ["first-token"], scheme: "Bearer" },
      tls: { key_pem: "private-part", cert_pem: "public-part" },
    }),
  ).toEqual(["first-token", "private-part"]);
  expect(
    secretsOf({ headers: { a: "long-enough", b: "no" }, url: "http://me:pa55word@x/", text: "plain-text" }),
  ).toEqual(["long-enough", "me:pa55word"]);
});
