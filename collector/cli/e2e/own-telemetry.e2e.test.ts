// The built `devmux` about itself: status, doctor, metrics, and a log that names no secret and no record's text.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createWorld } from "./world.ts";

test("doctor, status, metrics and the log, with a backend that refuses", async () => {
  const backend = createServer((request, response) => {
    // A backend that echoes what it was sent must not bring it into the log.
    request.resume().on("end", () => response.writeHead(401).end(`no: ${request.headers["x-team-key"]}`));
  }).listen(0, "127.0.0.1");
  await once(backend, "listening");
  onTestFinished(() => void backend.close());
  const endpoint = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  await using world = await createWorld({
    exporters: {
      otlp_http: { endpoint, headers: { "x-team-key": "${env:TEAM_KEY}", authorization: "Bearer ${env:TEAM_KEY}" } },
    },
    env: { TEAM_KEY: "team-s3cret-key" },
  });
  await world.start();
  const log = () => readFileSync(join(world.stateDir, "collector.log"), "utf8");

  const sick = await world.devmux("telemetry", "doctor");
  expect([sick.code, sick.stderr]).toEqual([1, ""]);
  expect(sick.stdout).toMatch(/^logs: the canary did not arrive\n/);
  expect(sick.stdout).toMatch(/✓ exporter tmux: ok after [\d.]+ ms\n/);
  expect(sick.stdout).toMatch(/✗ exporter otlp_http: failed after [\d.]+ ms: .*401/);
  const { healthy } = JSON.parse((await world.devmux("telemetry", "doctor", "--json")).stdout) as { healthy: boolean };
  expect(healthy).toBe(false);

  const body = JSON.stringify({
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "private-text-of-an-app" } }] }] }],
  });
  const headers = { "content-type": "application/json" };
  expect((await fetch(`http://127.0.0.1:${world.port}/v1/logs`, { method: "POST", headers, body })).status).toBe(200);
  const refused = () =>
    world.status().then(({ components }) => components.find(({ id }) => id === "otlp_http")?.lastError);
  expect(await world.until("the refusal in the status", refused)).toMatchObject({
    message: expect.stringContaining("401"),
  });
  const status = await world.devmux("telemetry", "status");
  expect(status.stdout).toMatch(/\nIn:\n {2}devmux: .*\n {2}otlp: [\d.]+\/s, 1 taken\nOut:\n/);
  expect(status.stdout).toMatch(/ {2}otlp_http: .* ago: .*401/);

  const metrics = await (await fetch(`http://127.0.0.1:${world.port}/metrics`)).text();
  expect(metrics).toContain('otelcol_receiver_accepted_log_records_total{receiver="otlp",transport="http"} 1');

  const { controlToken } = JSON.parse(readFileSync(join(world.stateDir, "collector.json"), "utf8")) as {
    controlToken: string;
  };
  expect(log()).toContain("401");
  for (const secret of ["team-s3cret-key", "private-text-of-an-app", controlToken]) expect(log()).not.toContain(secret);
});

test("doctor without a collector", async () => {
  await using world = await createWorld();
  const { code, stderr } = await world.devmux("telemetry", "doctor");
  expect([code, stderr]).toEqual([3, "error: the collector does not run\n  start it: devmux telemetry start\n"]);
});
