import { ConfigError } from "@chriscode/devmux-telemetry-server/config";
import { describe, expect, test } from "vitest";
import { parseProject } from "./project.ts";

const parse = (value: unknown) => parseProject("/shop/devmux.config.json", JSON.stringify(value));

function problems(value: unknown): string[] {
  try {
    parse(value);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const service = (more: object) => problems({ services: { api: { command: "x", ...more } } });

test("services with their defaults, in the order of what they need", () => {
  const { name, sessionName, services } = parse({
    project: "My Shop! $(x)",
    services: {
      web: { command: "npm run dev", dependsOn: ["api"], health: { http: "http://localhost:5173/" }, watch: false },
      api: { command: "node api.js", cwd: "server", env: { PORT: 3000, DEBUG: true }, health: { port: 3000 } },
      job: { command: "node job.js", watch: { patterns: [{ name: "late", regex: "late by \\d+" }] } },
    },
  });
  expect([name, sessionName]).toEqual(["My Shop! $(x)", "devmux-my-shop-x"]);
  expect(services.map((each) => each.name)).toEqual(["api", "web", "job"]);
  expect(services[0]).toMatchObject({
    directory: "/shop/server",
    env: { PORT: "3000", DEBUG: "true" },
    health: { kind: "port", port: 3000 },
  });
  expect(services[1]).toMatchObject({ watch: undefined, health: { kind: "http", url: "http://localhost:5173/" } });
  expect(services[2]).toMatchObject({ watch: { patterns: [{ name: "late", severity: "error" }] } });
  expect(services[2]!.health).toBeUndefined();
});

describe("what is wrong is said with its place", () => {
  test.each([
    [service({ helth: {} }), 'services.api.helth: unknown key "helth"; did you mean "health"?'],
    [service({ health: { port: 0 } }), "services.api.health.port: expected a port from 1 to 65535"],
    [
      service({ health: { port: 1, http: "http://x" } }),
      'services.api.health: expected one of "port", "http" and "command"',
    ],
    [service({ health: { http: "ftp://x" } }), "services.api.health.http: expected an http:// or https:// address"],
    [service({ dependsOn: ["db"] }), 'services.api.dependsOn.0: there is no service "db" (known: api)'],
    [service({ dependsOn: ["api"] }), "services.api.dependsOn: expected no circle, got api -> api"],
    [service({ env: { "A=B": "x" } }), "services.api.env"],
    [service({ watch: { patterns: [{ name: "x", regex: "(" }] } }), "services.api.watch"],
    [problems({ services: { "#(x)": { command: "x" } } }), "services.#(x): expected a name"],
    [problems({ services: { logs: { command: "x" } } }), '"logs" is a window of devmux'],
    [problems({ services: { api: {} } }), "services.api.command: expected string, got nothing"],
    [problems({ services: [] }), "services: expected a map"],
  ])("%#", (found, expected) => {
    expect(
      found
        .map((line) => line.replace("/shop/devmux.config.json: ", ""))
        .join("\n")
        .replaceAll(/\[(\d+)\]/g, ".$1"),
    ).toContain(expected);
  });
});
