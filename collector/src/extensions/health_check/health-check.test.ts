import { readFileSync } from "node:fs";
import { request } from "node:http";
import { expect, test } from "vitest";
import { z } from "zod";
import type { ExtensionFactory, HealthState, Settings } from "../../component/index.ts";
import { createBlueprint } from "../../config/blueprint.ts";
import { devmuxReceiverFactory } from "../../receivers/index.ts";
import { freePort, recordingExporter, sinkFactory, startTestCollector } from "../../testing/index.ts";
import { healthCheckConfig } from "./config.ts";
import { healthCheckFactory } from "./factory.ts";

/** An extension whose health a test sets. */
function patient() {
  let settings: Settings | undefined;
  const factory: ExtensionFactory = {
    kind: "extension",
    type: "patient",
    summary: "",
    config: z.strictObject({}),
    create: (given) => {
      settings = given;
      return {};
    },
  };
  return { factory, is: (state: HealthState, message?: string) => settings!.health(state, message) };
}

async function start(options: object = {}) {
  const port = await freePort();
  const { factory, is } = patient();
  const world = await startTestCollector(
    {
      receivers: { devmux: {} },
      exporters: { sink: {} },
      extensions: { health_check: { endpoint: `127.0.0.1:${port}`, ...options }, patient: {} },
      service: {
        extensions: ["health_check", "patient"],
        pipelines: { logs: { receivers: ["devmux"], exporters: ["sink"] } },
      },
    },
    [devmuxReceiverFactory, sinkFactory(recordingExporter()), healthCheckFactory, factory],
  );
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { code: response.status, body: (await response.json()) as { status: string; components: object[] } };
  };
  return { world, is, get, port };
}

test("a collector that runs is live and ready, and names each component", async () => {
  const { world, get } = await start();
  await using _ = world;
  expect(await get("/live")).toEqual({ code: 200, body: { status: "live" } });
  const { code, body } = await get("/ready");
  expect([code, body.status]).toEqual([200, "ok"]);
  expect(body.components).toEqual([
    { kind: "receiver", id: "devmux", state: "ok" },
    { kind: "exporter", id: "sink", state: "ok" },
    { kind: "extension", id: "health_check", state: "ok" },
    { kind: "extension", id: "patient", state: "ok" },
  ]);
  expect(await get("/")).toEqual({ code, body });
});

test("degraded stays ready, failed does not, and both say why; live goes on", async () => {
  const { world, get, is } = await start();
  await using _ = world;
  is("degraded", "the backend is away");
  expect(await get("/ready")).toMatchObject({ code: 200, body: { status: "degraded" } });
  is("failed", "no such directory");
  const { code, body } = await get("/ready");
  expect([code, body.status]).toEqual([503, "failed"]);
  expect(body.components).toContainEqual({
    kind: "extension",
    id: "patient",
    state: "failed",
    message: "no such directory",
  });
  expect((await get("/live")).code).toBe(200);
  is("ok");
  expect((await get("/ready")).code).toBe(200);
});

test("while it stops it is not ready", async () => {
  const { world, get } = await start();
  await using _ = world;
  const stopping = world.collector.shutdown(2_000);
  // Listeners close last, so who asks meanwhile is answered, or finds nobody.
  const answer = await get("/ready").catch(() => undefined);
  if (answer !== undefined) expect(answer).toMatchObject({ code: 503, body: { status: "stopping" } });
  await stopping;
});

test("under a path of its own; a foreign Host is refused", async () => {
  const { world, get, port } = await start({ path: "/health" });
  await using _ = world;
  expect((await get("/health/live")).code).toBe(200);
  expect((await get("/health")).code).toBe(200);
  const status = await new Promise((resolve) => {
    request({ port, path: "/health", headers: { host: "evil.test" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });
  expect(status).toBe(403);
});

test("without an endpoint it is the Collector's, and gives way where that is taken; two of one address are a problem", () => {
  expect(healthCheckConfig.parse({})).toEqual({
    address: { host: "127.0.0.1", port: 13_133, optional: true },
    path: "/",
  });
  const raw = {
    receivers: { devmux: {} },
    exporters: { sink: {} },
    extensions: { health_check: {}, "health_check/b": {} },
    service: {
      extensions: ["health_check", "health_check/b"],
      pipelines: { logs: { receivers: ["devmux"], exporters: ["sink"] } },
    },
  };
  const factories = [devmuxReceiverFactory, sinkFactory(recordingExporter()), healthCheckFactory];
  expect(() => createBlueprint(raw, factories)).toThrow(
    "extensions.health_check/b.endpoint: / on 127.0.0.1:13133 is served by",
  );
});

test("the README has every option", () => {
  const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8");
  const { properties } = z.toJSONSchema(healthCheckConfig, { io: "input", unrepresentable: "any" }) as {
    properties: object;
  };
  const rows = [...readme.split("| option |")[1]!.matchAll(/^\| `(\w+)` \|/gm)].map(([, option]) => option);
  expect(rows).toEqual(Object.keys(properties));
});
