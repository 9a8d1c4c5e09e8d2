import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigError } from "@chriscode/devmux-telemetry-server/config";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findConfigFile } from "./find.ts";
import { parseJsonc } from "./jsonc.ts";
import { readSettings } from "./settings.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "devmux-config-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function problemsOf(text: string, flags = {}): string[] {
  write("devmux.config.json", text);
  try {
    readSettings(flags, directory);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe("where the configuration is", () => {
  test("the nearest file from the working directory upwards", () => {
    const outer = write("devmux.config.json", "{}");
    mkdirSync(join(directory, "a", "b"), { recursive: true });
    expect(findConfigFile(join(directory, "a", "b"))).toBe(outer);
    const inner = write("a/devmux.config.json", "{}");
    expect(findConfigFile(join(directory, "a", "b"))).toBe(inner);
    expect(findConfigFile(directory)).toBe(outer);
  });

  test("a directory of that name is passed by", () => {
    const outer = write("devmux.config.json", "{}");
    mkdirSync(join(directory, "a", "devmux.config.json"), { recursive: true });
    expect(findConfigFile(join(directory, "a"))).toBe(outer);
  });
});

describe("JSON as people write it", () => {
  test("the plan's example, with its comment", () => {
    const text = `{
  "version": 1,
  "telemetry": {
    "enabled": true,
    "port": 9876,
    "host": "0.0.0.0"  // Use 0.0.0.0 for Expo device testing
  },
}`;
    expect(parseJsonc(text)).toMatchObject({ ok: true, value: { telemetry: { host: "0.0.0.0" } } });
  });

  test.each([
    ['{\n  "a": 1,\n  "b" 2\n}', "line 3, column 7: colon expected"],
    ['{ "a": [1, 2 ', "line 1, column 14: close bracket expected, found the end of the file"],
    ["", "line 1, column 1: value expected, found the end of the file"],
    ["{ a: 1 }", "line 1, column 3: invalid symbol"],
  ])("%j is refused with the place", (text, message) => {
    const result = parseJsonc(text);
    expect(result.ok ? "" : result.message).toContain(message);
  });

  test("a byte order mark is no fault", () => {
    expect(parseJsonc('\uFEFF{"a":1}')).toMatchObject({ ok: true, value: { a: 1 } });
  });
});

describe("what counts", () => {
  test("without a file, the defaults", () => {
    expect(readSettings({}, directory)).toEqual({
      enabled: true,
      port: 9876,
      host: "127.0.0.1",
      token: undefined,
      allowedOrigins: [],
      file: undefined,
      directory,
      collector: undefined,
    });
  });

  test("the file before the defaults, flags before the file", () => {
    write("devmux.config.json", '{"telemetry": {"port": 1234, "host": "0.0.0.0", "token": "secret"}}');
    expect(readSettings({ port: 0 }, directory)).toMatchObject({ port: 0, host: "0.0.0.0", token: "secret" });
  });

  test("--config, relative to the working directory, instead of the nearest", () => {
    write("devmux.config.json", '{"telemetry": {"port": 1}}');
    const other = write("other/mine.json", '{"telemetry": {"port": 2}}');
    expect(readSettings({ config: "other/mine.json" }, directory)).toMatchObject({
      port: 2,
      file: other,
      directory: dirname(other),
    });
  });

  test("`collector` as an object, as a YAML file beside the configuration, or as --config itself", () => {
    write("devmux.config.json", '{"telemetry": {"collector": {"receivers": {}}}}');
    expect(readSettings({}, directory).collector).toMatchObject({
      value: { receivers: {} },
      path: "telemetry.collector",
    });
    write("devmux.config.json", '{"telemetry": {"collector": "conf/c.yaml"}}');
    const yaml = write("conf/c.yaml", "receivers: {otlp: {}}\n");
    const expected = { value: { receivers: { otlp: {} } }, path: "", file: yaml };
    expect(readSettings({}, directory).collector).toEqual(expected);
    expect(readSettings({ config: yaml }, directory)).toMatchObject({ collector: expected, port: 9876 });
  });

  test("other programs' keys beside `telemetry` are theirs", () => {
    write("devmux.config.json", '{"version": 1, "services": {"api": {"port": "?"}}}');
    expect(readSettings({}, directory).port).toBe(9876);
  });
});

describe("what is wrong is said with file, path, what was found and what was expected", () => {
  test.each([
    ['{"telemetry": {"port": "9876"}}', 'telemetry.port: expected number, got "9876"'],
    ['{"telemetry": {"port": 70000}}', "telemetry.port: expected a port from 0 (any free one) to 65535, got 70000"],
    ['{"telemetry": {"port": 1.5}}', "telemetry.port: expected int, got 1.5"],
    [
      '{"telemetry": {"host": "example.com"}}',
      'telemetry.host: expected an IP address of this machine, "localhost" or "0.0.0.0", got "example.com"',
    ],
    ['{"telemetry": {"prot": 1}}', 'telemetry.prot: unknown key "prot"; did you mean "port"?'],
    ['{"telemetry": {"enabled": "no"}}', 'telemetry.enabled: expected boolean, got "no"'],
    ['{"telemetry": {"token": "two words"}}', "telemetry.token: expected visible ASCII characters without spaces"],
    [
      '{"telemetry": {"allowed_origins": ["http://a.test/"]}}',
      'telemetry.allowed_origins[0]: expected an origin such as http://localhost:3000, got "http://a.test/"',
    ],
    ['{"telemetry": {"collector": 5}}', "telemetry.collector: expected an object, or the path of a YAML file, got 5"],
    ['{"telemetry": []}', "telemetry: expected a map, got a list"],
    ["[1]", 'expected an object with a "telemetry" key, got [1]'],
    ['{"telemetry": {"collector": "missing.yaml"}}', "there is no such file"],
  ])("%s", (text, message) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(directory);
    expect(problems[0]).toContain(message);
  });

  test("all of it at once", () => {
    expect(problemsOf('{"telemetry": {"port": -1, "host": 7, "nope": 1}}')).toHaveLength(3);
  });

  test("a --config that is not there", () => {
    expect(problemsOf("{}", { config: "nope.json" })).toEqual([
      `${join(directory, "nope.json")}: there is no such file`,
    ]);
  });

  test("a YAML file that is none", () => {
    write("c.yaml", "a: [1,\nb: }");
    expect(problemsOf('{"telemetry": {"collector": "c.yaml"}}')[0]).toContain(
      `${join(directory, "c.yaml")}: is no YAML`,
    );
  });
});
