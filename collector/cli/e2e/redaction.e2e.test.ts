// The built `devmux` and a secret: what a client sends reaches no file, no pane and no backend, whichever way it came in.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { secretSamples } from "../../src/processors/redaction/corpus.secrets.ts";
import { startOtlpServer } from "./otlp-server.ts";
import { connectRaw } from "./raw-client.ts";
import { createWorld, type World } from "./world.ts";

const awsKey = secretSamples.find(({ name }) => name === "AWS access key id")!.secret;
const password = "hunter2-hunter2";

/** Everywhere that a record can carry it: in the text, in an attribute, under a telling key, in an exception, in a resource. */
async function sendSecrets(world: World): Promise<void> {
  const client = await connectRaw(world.url, "app");
  await client.hello({ "service.name": "app", "deployment.token": `t-${awsKey}` }, { kind: "node" });
  client.log(`the key is ${awsKey} from ws`, {
    severityNumber: 17,
    attributes: { "db.password": password, note: `postgres://app:${password}@db/shop` },
    exception: {
      type: "Error",
      message: `no access with ${awsKey} from ws`,
      stacktrace: `Error: ${awsKey}\n    at app.js:1:1`,
    },
  });
  const attributes = [
    { key: "http.request.header.authorization", value: { stringValue: `Bearer ${awsKey}${awsKey}` } },
  ];
  const body = { stringValue: `password=${password} from export` };
  const logRecords = [{ severityNumber: 17, body, attributes }];
  client.send("export", { sequence: 1, request: { resourceLogs: [{ scopeLogs: [{ logRecords }] }] } });
  const answer = await fetch(`http://127.0.0.1:${world.port}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      resourceLogs: [
        { scopeLogs: [{ logRecords: [{ ...logRecords[0], body: { stringValue: `${awsKey} from otlp` } }] }] },
      ],
    }),
  });
  expect(answer.status).toBe(200);
}

/** The text of every file of a world: state, spools, queue, storage, the collector's own log. */
function filesOf({ dir }: World): Map<string, string> {
  const found = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    found.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path, readFileSync(path, "latin1")];
    }),
  );
}

function expectNoSecret(where: string, text: string): void {
  for (const secret of [awsKey, password]) expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
}

test("with no configuration, a secret reaches neither the queue, nor a pane, nor a spool, nor the collector's log", async () => {
  await using world = await createWorld({ telemetry: { collector: undefined } });
  await world.start();
  expect((await world.status()).pipelines).toMatchObject([{ id: "logs", processors: ["redaction"] }]);
  await sendSecrets(world);
  const queueFile = join(world.dir, ".opencode", "triggers", "queue.jsonl");
  const queue = () => filesOf(world).get(queueFile) ?? "";
  for (const way of ["from ws", "from export", "from otlp"])
    await world.until(`what came ${way}`, () => queue().includes(way) || undefined);
  const pane = await world.until("the pane", async () => {
    const text = await world.pane("node:app");
    return text.includes("from export") ? text : undefined;
  });
  expectNoSecret("the pane", pane);
  for (const [path, text] of filesOf(world)) expectNoSecret(path, text);
  // What is there is the rest of the text, with the place of the secret.
  expect(queue()).toContain("no access with [redacted:aws_access_key_id] from ws");
  const redaction = (await world.status()).components.find(({ id }) => id === "redaction (logs)");
  expect(redaction?.counters).toMatchObject({ redacted_aws_access_key_id: expect.any(Number) });
});

test("before a backend and its storage: neither has the secret, also where the backend is down and says what it got", async () => {
  await using backend = await startOtlpServer();
  const pipeline = { receivers: ["devmux", "otlp"], processors: ["redaction"] };
  await using world = await createWorld({
    telemetry: {
      collector: {
        receivers: { devmux: {}, otlp: { protocols: {} } },
        processors: { redaction: {} },
        exporters: {
          otlp_http: { endpoint: backend.endpoint },
          "otlp_http/down": { endpoint: "http://127.0.0.1:9", retry_on_failure: { initial_interval: "50ms" } },
          file: { path: "recording.jsonl" },
          debug: { verbosity: "detailed" },
        },
        service: {
          pipelines: { logs: { ...pipeline, exporters: ["otlp_http", "otlp_http/down", "file", "debug"] } },
        },
      },
    },
  });
  await world.start();
  await sendSecrets(world);
  await world.until("all three", () => backend.records.length >= 3 || undefined);
  expect(backend.records.map(({ body }) => body).filter((body) => String(body).includes("[redacted:"))).toHaveLength(3);
  for (const record of backend.records)
    expectNoSecret(
      "the backend",
      JSON.stringify([record.body, record.attributes(), record.resource.attributes()], (_key, value) =>
        typeof value === "bigint" ? String(value) : value,
      ),
    );
  const holds = (end: string) =>
    [...filesOf(world)].some(([path, text]) => path.endsWith(end) && text.includes("from otlp"));
  await world.until("what waits for the one that is down", () => holds(".segment") || undefined);
  await world.until("what debug shows", () => holds("debug.log") || undefined);
  // The collector's own log has no record's text at all.
  expect(holds("collector.log")).toBe(false);
  await world.until("the recording", () => holds("recording.jsonl") || undefined);
  for (const [path, text] of filesOf(world)) expectNoSecret(path, text);
});
