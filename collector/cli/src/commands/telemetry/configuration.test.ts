// validate, components, print-config and schema, over files as people write them.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { factories } from "../../components.ts";
import { run } from "../../run.ts";
import { createTestShell } from "../../testing/shell.ts";
import { root } from "../root.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "devmux-config-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function devmux(args: readonly string[], env: Record<string, string> = {}) {
  const shell = createTestShell({ cwd, env });
  const code = await run(root, ["telemetry", ...args], shell);
  return { code, out: shell.out(), err: shell.err() };
}

function write(telemetry: unknown, name = "devmux.config.json"): string {
  const file = join(cwd, name);
  writeFileSync(file, typeof telemetry === "string" ? telemetry : JSON.stringify({ telemetry }));
  return file;
}

const pipelines = {
  receivers: { devmux: {}, otlp: { protocols: { http: null } } },
  exporters: { otlp_http: { endpoint: "http://localhost:5318", headers: { authorization: "Bearer ${env:KEY}" } } },
  service: { pipelines: { logs: { receivers: ["devmux", "otlp"], exporters: ["otlp_http"] } } },
};

describe("validate", () => {
  test("says one line where all is well, with and without a file", async () => {
    expect(await devmux(["validate"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^[^\n]*valid\n$/),
      err: "",
    });
    const file = write({ collector: pipelines });
    expect(await devmux(["validate"], { KEY: "k" })).toEqual({ code: 0, out: `${file}: valid\n`, err: "" });
  });

  test("notes a variable that is not set", async () => {
    write({ collector: pipelines });
    const { code, err } = await devmux(["validate"]);
    expect([code, err]).toEqual([0, "note: the environment variable KEY is not set; it reads as empty\n"]);
  });

  test("every problem of the file is in one report: beside the pipelines, in them, in the environment, in own components", async () => {
    const file = write({
      prot: 1,
      port: 70_000,
      collector: {
        receivers: { devmux: { windw: 3 }, "./gone.js": {} },
        exporters: { tmux: {}, otlp_http: { timeout: "${file:/x}" }, debgu: {} },
        connectors: {},
        service: { pipelines: { logs: { receivers: ["devmux", "./gone.js"], exporters: ["tmux", "quue"] } } },
      },
    });
    const { code, out, err } = await devmux(["validate"]);
    expect([code, out]).toEqual([5, ""]);
    const lines = err.trimEnd().split("\n");
    expect(lines[0]).toBe("error: the configuration has 7 problems");
    const base = `  ${file}: telemetry.collector`;
    expect(lines.slice(1).sort()).toEqual(
      [
        `  ${file}: telemetry.prot: unknown key "prot"; did you mean "port"?`,
        `  ${file}: telemetry.port: expected a port from 0 (any free one) to 65535, got 70000`,
        `${base}.exporters.otlp_http.timeout: \${file:/x}: unknown scheme "file"; expected env`,
        `${base}.receivers../gone.js: there is no "./gone.js" in ${cwd}; expected the path of a JavaScript file, from the configuration's directory`,
        `${base}.receivers.devmux.windw: unknown key "windw"; did you mean "window"?`,
        `${base}.exporters.debgu: unknown exporter type "debgu"; did you mean "debug"?`,
        `${base}.service.pipelines.logs.exporters[1]: "quue" is not configured (known: tmux, otlp_http, debgu)`,
      ].sort(),
    );
  });

  test("ports claimed twice are found, the collector's own among them", async () => {
    write({
      port: 5555,
      collector: {
        ...pipelines,
        receivers: { ...pipelines.receivers, otlp: { protocols: { grpc: { endpoint: "127.0.0.1:5555" } } } },
      },
    });
    const { code, err } = await devmux(["validate"]);
    expect(code).toBe(5);
    expect(err).toContain(
      "receivers.otlp.protocols.grpc.endpoint: port 5555 on 127.0.0.1 is claimed by telemetry.port too",
    );
  });

  test("--json holds the whole report and nothing else", async () => {
    const file = write({ port: "x" });
    const { code, out, err } = await devmux(["validate", "--json"]);
    expect([code, err]).toEqual([5, ""]);
    expect(JSON.parse(out)).toEqual({
      valid: false,
      file,
      problems: [{ path: `${file}: telemetry.port`, message: expect.stringContaining("expected number") }],
      unsetVariables: [],
    });
  });

  test("a YAML file of the Collector's shape, and one that is none", async () => {
    const file = write(
      "receivers:\n  devmux:\nexporters:\n  debug:\nservice:\n  pipelines:\n    logs: {receivers: [devmux], exporters: [debug]}\n",
      "c.yaml",
    );
    expect(await devmux(["validate", "--config", "c.yaml"])).toMatchObject({ code: 0, out: `${file}: valid\n` });
    write("a: [", "bad.yaml");
    expect((await devmux(["validate", "--config", "bad.yaml"])).err).toContain("bad.yaml: is no YAML");
    expect((await devmux(["validate", "--config", "gone.json"])).err).toContain("gone.json: there is no such file");
  });
});

describe("components", () => {
  test("every one with its kind, aliases, signals and summary", async () => {
    const { code, out } = await devmux(["components", "--json"]);
    const listed = JSON.parse(out) as { type: string }[];
    expect([code, listed.map(({ type }) => type)]).toEqual([0, factories.map(({ type }) => type)]);
    expect(listed.find(({ type }) => type === "otlp_http")).toEqual({
      kind: "exporter",
      type: "otlp_http",
      aliases: ["otlphttp"],
      signals: ["logs", "traces", "metrics"],
      summary: expect.any(String),
    });
  });

  test("for people, by kind", async () => {
    const { out } = await devmux(["components"]);
    expect(out).toMatch(/^receivers\n {2}devmux +the devmux WebSocket protocol.* \(logs\)\n/);
    expect(out).toMatch(/\nexporters\n/);
    expect(out).toMatch(/otlp_http .*; also otlphttp\n/);
  });
});

describe("print-config", () => {
  test("defaults are filled in and secrets masked, in YAML and in JSON alike", async () => {
    write({ token: "the-token", collector: pipelines });
    const env = { KEY: "very-secret" };
    const yaml = await devmux(["print-config"], env);
    const json = await devmux(["print-config", "--json"], env);
    expect([yaml.code, json.code, yaml.err]).toEqual([0, 0, ""]);
    expect(parse(yaml.out)).toEqual(JSON.parse(json.out));
    expect(JSON.parse(json.out)).toMatchObject({
      telemetry: {
        port: 9876,
        host: "127.0.0.1",
        token: "[REDACTED]",
        collector: {
          receivers: { devmux: { window: 16 } },
          exporters: { otlp_http: { timeout: "30s", headers: { authorization: "[REDACTED]" } } },
        },
      },
    });
    for (const { out } of [yaml, json]) expect(out).not.toMatch(/very-secret|the-token/);
  });

  test("without a file, the default pipelines; what it prints is valid", async () => {
    const { out } = await devmux(["print-config"]);
    const { telemetry } = parse(out) as { telemetry: { collector: object } };
    expect(telemetry.collector).toMatchObject({ exporters: { tmux: {}, queue: {} } });
    write(telemetry);
    expect((await devmux(["validate"])).code).toBe(0);
  });

  test("a configuration that is wrong is not printed", async () => {
    write({ port: "x" });
    expect(await devmux(["print-config"])).toMatchObject({ code: 5, out: "" });
    expect(await devmux(["print-config", "--json", "--yaml"])).toMatchObject({ code: 2 });
  });
});

describe("schema", () => {
  const schemaOf = async (...args: string[]) =>
    JSON.parse((await devmux(["schema", ...args])).out) as z.core.JSONSchema.JSONSchema;
  const takes = async (telemetry: unknown) => z.fromJSONSchema(await schemaOf()).safeParse({ telemetry }).success;

  test("takes what the program takes", async () => {
    expect(await takes({ port: 1, collector: pipelines })).toBe(true);
    expect(await takes({ collector: "collector.yaml" })).toBe(true);
    const { out } = await devmux(["print-config", "--json"]);
    expect(await takes((JSON.parse(out) as { telemetry: unknown }).telemetry)).toBe(true);
    expect(await takes({ collector: { exporters: { debug: null, "debug/x": {}, "@acme/foo": { any: 1 } } } })).toBe(
      true,
    );
    expect(await takes({ collector: { exporters: { debug: { sampling_initial: "${env:N}" } } } })).toBe(true);
  });

  test.each([
    { prt: 1 },
    { collector: { exporters: { debgu: {} } } },
    { collector: { exporters: { debug: { verbosity: "loud" } } } },
    { collector: { exporters: { "debug/x": { verbosty: "basic" } } } },
    { collector: { receivers: { devmux: { window: "many" } } } },
    { collector: { service: { pipelines: { log: { receivers: [], exporters: [] } } } } },
  ])("refuses %j", async (telemetry) => {
    expect(await takes(telemetry)).toBe(false);
  });

  test("names every component, with its summary for the editor", async () => {
    const { properties } = (await schemaOf("--collector")) as {
      properties: Record<string, { properties: Record<string, { description: string }> }>;
    };
    for (const { kind, type, summary } of factories)
      expect(properties[`${kind}s`]?.properties[type]?.description).toBe(summary);
  });
});
