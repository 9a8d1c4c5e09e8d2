// The built `devmux`: a changed devmux.config.json takes effect while a client stays connected.

import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createWorld, type World } from "./world.ts";

interface Shape {
  exporters: Record<string, Record<string, unknown>>;
  service: { pipelines: { logs: { exporters: string[] } } };
}

function rewrite(world: World, change: (telemetry: { port: number; collector: Shape }) => void): void {
  const file = join(world.dir, "project", "devmux.config.json");
  const content = JSON.parse(readFileSync(file, "utf8"));
  change(content.telemetry);
  writeFileSync(file, JSON.stringify(content));
}

async function connect(url: string) {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  const send = (type: string, payload: object) =>
    socket.send(
      JSON.stringify({
        protocol: "devmux-telemetry",
        version: 1,
        type,
        payload,
        meta: { clientId: "c", timestamp: Date.now() },
      }),
    );
  send("hello", {
    resource: { "service.name": "app", "telemetry.sdk.name": "t", "telemetry.sdk.version": "1" },
    platform: { kind: "node" },
  });
  await once(socket, "message");
  return {
    isOpen: () => socket.readyState === WebSocket.OPEN,
    log: (body: string) => send("log", { timestamp: Date.now(), severityNumber: 9, severityText: "INFO", body }),
  };
}

test("an exporter is added by reload and removed by SIGHUP; a bad file changes nothing; the client stays", async () => {
  await using world = await createWorld();
  await world.start();
  const client = await connect(world.url);
  const { pid } = await world.status();
  const recording = join(world.dir, "recording.jsonl");
  const recorded = () => (existsSync(recording) ? readFileSync(recording, "utf8") : "");

  expect(await world.devmux("telemetry", "reload")).toEqual({ code: 0, stdout: "Nothing has changed.\n", stderr: "" });
  rewrite(world, ({ collector }) => {
    collector.exporters.file = { path: recording };
    collector.service.pipelines.logs.exporters.push("file");
  });
  expect(await world.devmux("telemetry", "reload")).toEqual({
    code: 0,
    stdout: "started: exporter file\n4 components go on untouched\n",
    stderr: "",
  });
  client.log("first");
  await world.until("the recording", () => (recorded().includes("first") ? true : undefined));

  rewrite(world, ({ collector }) => {
    collector.exporters.file!.pth = 1;
  });
  const bad = await world.devmux("telemetry", "reload");
  expect([bad.code, bad.stdout]).toEqual([5, ""]);
  expect(bad.stderr).toMatch(
    /^The collector goes on as it was\.\n.*\n.*exporters\.file\.pth: unknown key "pth"; did you mean "path"\?\n$/,
  );
  rewrite(world, (telemetry) => {
    delete telemetry.collector.exporters.file!.pth;
    telemetry.port += 1;
  });
  expect((await world.devmux("telemetry", "reload")).stderr).toContain(
    "telemetry.port: cannot change while the collector runs",
  );
  client.log("second");
  await world.until("the recording", () => (recorded().includes("second") ? true : undefined));

  rewrite(world, (telemetry) => {
    telemetry.port -= 1;
    delete telemetry.collector.exporters.file;
    telemetry.collector.service.pipelines.logs.exporters.pop();
  });
  process.kill(pid, "SIGHUP");
  const log = () => readFileSync(join(world.stateDir, "collector.log"), "utf8");
  await world.until("the log", () => (log().includes('"stopped":["exporter file"]') ? true : undefined));
  client.log("third");
  await world.until("the spool", () => (world.spool("node:app").includes("third") ? true : undefined));
  expect(recorded()).not.toContain("third");
  const report = await world.status();
  expect([client.isOpen(), report.pid, report.components.map(({ id }) => id).includes("file")]).toEqual([
    true,
    pid,
    false,
  ]);
});

test("reload without a collector", async () => {
  await using world = await createWorld();
  expect((await world.devmux("telemetry", "reload")).code).toBe(3);
});
