import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { devmuxReceiverFactory, loadOwnComponents, otlpReceiverFactory } from "@chriscode/devmux-telemetry-server";
import { startTestCollector, testExporter } from "@chriscode/devmux-telemetry-server/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { factory } from "./webhook.js";

/** A chat program that remembers what it was sent, and answers as it is told. */
const chat = { url: "", texts: [], status: 200, arrived: () => {} };
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    if (chat.status === 200) chat.texts.push(JSON.parse(body).text);
    response.writeHead(chat.status).end();
    chat.arrived();
  });
});
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  chat.url = `http://127.0.0.1:${server.address().port}/`;
});
afterAll(() => server.close());

describe("the contract of exporters", () => {
  test.each(testExporter(factory, {}, { config: () => ({ url: chat.url }) }))("$name", ({ run }) => run());
});

test("named by its path in devmux.config.json, it posts the errors and leaves out the rest; what failed is sent again", async () => {
  chat.texts.length = 0;
  const { collector: config } = JSON.parse(
    readFileSync(new URL("./devmux.config.json", import.meta.url), "utf8"),
  ).telemetry;
  const { factories, problems } = await loadOwnComponents(config, { directory: import.meta.dirname });
  expect(problems).toEqual([]);
  await using world = await startTestCollector(
    {
      receivers: { devmux: {}, otlp: { protocols: {} } },
      exporters: { "./webhook.js": { url: chat.url, retry_on_failure: { initial_interval: "10ms" } } },
      service: { pipelines: { logs: { receivers: ["devmux", "otlp"], exporters: ["./webhook.js"] } } },
    },
    [devmuxReceiverFactory, otlpReceiverFactory, ...factories],
  );
  const record = (severityNumber, stringValue) => ({ severityNumber, body: { stringValue } });
  const logRecords = [record(9, "all is well"), record(17, "it broke"), record(21, "it burns")];
  chat.status = 503;
  const refused = new Promise((resolve) => {
    chat.arrived = resolve;
  });
  const answer = await fetch(`http://${world.authority}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  });
  expect(answer.status).toBe(200);
  await refused;
  chat.status = 200;
  await new Promise((resolve) => {
    chat.arrived = resolve;
  });
  expect(chat.texts).toEqual(["it broke\nit burns"]);
});
